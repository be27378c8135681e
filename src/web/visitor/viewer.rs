//! Who is looking at a page: the data that pages show of whoever is signed in.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest};
use serde::{Deserialize, Serialize, Serializer};
use unicode_segmentation::UnicodeSegmentation;

use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::{SessionId, UserId};

/// Stands between the fields in the cookie. JSON writes it as it is, and no name of ours holds it.
const BETWEEN: char = '\u{7f}';

/// The person who is signed in, as read from the database. The cookie holds it as one short text, since every request sends,
/// decrypts and reads it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Viewer {
    /// Their account.
    pub id: UserId,
    /// The session of this browser.
    pub session: SessionId,
    /// Their name, or their address when they gave none.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What their account is for.
    pub kind: AccountKind,
    /// Their profession, or the position of an organization's contact.
    pub profession: String,
    /// The path of the picture; nothing while it is generated.
    pub avatar: Option<String>,
    /// Whether an organization manages the account.
    pub is_managed: bool,
    /// Whether a code is asked for wherever the password is.
    pub has_second_factor: bool,
    /// When the password was last given.
    pub authenticated_at: Timestamp,
    /// When this session ends.
    pub session_expires_at: Timestamp,
    /// When this was read from the database or somewhat earlier, by its clock.
    pub read_at: Timestamp,
}

/// The cookie does not hold a viewer as we write one.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("this is no viewer")]
pub struct NotAViewer;

impl Serialize for Viewer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let flag = |is_set: bool| if is_set { "1" } else { "" };
        let moments = [self.authenticated_at, self.session_expires_at, self.read_at];
        let [authenticated_at, session_expires_at, read_at] = moments.map(|at| at.timestamp_micros().to_string());
        let fields = [
            self.id.as_str(),
            self.session.as_str(),
            &self.name,
            &self.email,
            self.kind.as_str(),
            &self.profession,
            self.avatar.as_deref().unwrap_or_default(),
            flag(self.is_managed),
            flag(self.has_second_factor),
            &authenticated_at,
            &session_expires_at,
            &read_at,
        ];
        serializer.serialize_str(&fields.join(BETWEEN.encode_utf8(&mut [0; 4])))
    }
}

impl TryFrom<String> for Viewer {
    type Error = NotAViewer;

    /// A text with more or fewer fields is none, such as one with a name that holds what stands between them: that one is read
    /// from the database each time.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut parts = text.split(BETWEEN);
        let mut next = || parts.next().ok_or(NotAViewer);
        let viewer = Self {
            id: next()?.to_owned().into(),
            session: next()?.to_owned().into(),
            name: next()?.to_owned(),
            email: next()?.to_owned(),
            kind: next()?.into(),
            profession: next()?.to_owned(),
            avatar: Some(next()?).filter(|path| !path.is_empty()).map(str::to_owned),
            is_managed: !next()?.is_empty(),
            has_second_factor: !next()?.is_empty(),
            authenticated_at: moment(next()?)?,
            session_expires_at: moment(next()?)?,
            read_at: moment(next()?)?,
        };
        parts.next().map_or(Ok(viewer), |_| Err(NotAViewer))
    }
}

/// A moment that is written in microseconds.
fn moment(micros: &str) -> Result<Timestamp, NotAViewer> {
    micros.parse().ok().and_then(Timestamp::from_timestamp_micros).ok_or(NotAViewer)
}

impl Viewer {
    /// Whether the admin pages are theirs.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.kind == AccountKind::Admin
    }

    /// Whether this is a company's account.
    #[must_use]
    pub fn is_organization(&self) -> bool {
        self.kind == AccountKind::Organization
    }

    /// Up to two letters for the generated picture.
    #[must_use]
    pub fn initials(&self) -> String {
        initials(&self.name)
    }
}

/// The first letters of the first and the last word of a name.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.graphemes(true).next());
    let ends = [words.next(), words.next_back()];
    ends.into_iter().flatten().flat_map(str::chars).flat_map(char::to_uppercase).collect()
}

/// Who makes a request, as the middleware that loads the viewer found out.
#[derive(Clone, Debug)]
pub enum Visitor {
    /// Nobody is signed in.
    Guest,
    /// This person is signed in.
    SignedIn(Arc<Viewer>),
    /// The request brings a session, but the database could not be asked about it.
    Unknown,
}

impl Visitor {
    /// The visitor that the middleware stored in this request; a guest where it stored none.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or(Self::Guest)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::TimeDelta;

    use super::*;

    pub fn viewer(read_at: Timestamp) -> Viewer {
        Viewer {
            id: UserId::from("ana".to_owned()),
            session: SessionId::generate(),
            name: "Ana María Rojas".to_owned(),
            email: "ana@example.cl".to_owned(),
            kind: AccountKind::Employee,
            profession: String::new(),
            avatar: None,
            is_managed: false,
            has_second_factor: false,
            authenticated_at: read_at,
            session_expires_at: read_at + TimeDelta::days(7),
            read_at,
        }
    }

    #[test]
    fn initials_are_of_the_first_and_last_name() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(viewer(now).initials(), "AR");
        assert_eq!(initials("🇨🇱 n\u{303}andú"), "🇨🇱N\u{303}");
        assert_eq!(Viewer { name: "ñandú".to_owned(), ..viewer(now) }.initials(), "Ñ");
    }

    #[test]
    fn a_cookie_gives_back_the_viewer_that_it_was_given() {
        let now = "2026-11-23T12:00:00.123456Z".parse().unwrap();
        let back = |viewer: &Viewer| serde_json::from_str::<Viewer>(&serde_json::to_string(viewer).unwrap()).ok();
        let ana = viewer(now);
        let avatar = Some("/avatar/018f3c1e".to_owned());
        let (profession, kind) = (r#""Química" \ jefa"#.to_owned(), AccountKind::Organization);
        let odd = Viewer { is_managed: true, has_second_factor: true, profession, kind, avatar, ..viewer(now) };
        for viewer in [ana, odd] {
            assert_eq!(back(&viewer), Some(viewer));
        }
        for name in ["\u{7f}", "Ana\u{7f}ana\u{7f}"] {
            assert_eq!(
                back(&Viewer { name: name.to_owned(), ..viewer(now) }),
                None,
                "a name cannot pass for other fields"
            );
        }
        let former = r#"{"i":"ana","s":"018f","n":"Ana","e":"ana@example.cl","k":"employee","p":"","a":null,"m":false,"f":false,
            "t":1764337200000000,"x":1764337200000000,"r":1764337200000000}"#;
        assert!(serde_json::from_str::<Viewer>(former).is_err(), "is read from the database once more");
    }
}
