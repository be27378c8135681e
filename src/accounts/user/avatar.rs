//! The picture of an account: a row with an id that nobody can guess and that changes with each upload.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::viewer_change;
use crate::audit::event::{Action, Actor};
use crate::schema::{avatar, user};
use crate::values::clock::Timestamp;
use crate::values::id::{AvatarId, UserId};
use crate::values::picture::Picture;
use crate::values::secret_token::SecretToken;
use crate::web::{Subject, Submission, paths};

/// The profile of an account with its picture, as what a form changed.
pub const PROFILE: &str = "profile";

/// A picture that is about to become that of an account.
#[derive(Clone, Debug)]
pub struct NewAvatar {
    id: AvatarId,
    picture: Picture,
}

/// The JPEG of this id.
///
/// # Errors
/// When the statement fails.
pub fn find(conn: &mut PgConnection, id: &AvatarId) -> QueryResult<Option<Vec<u8>>> {
    avatar::table.find(id.as_str()).select(avatar::picture).first(conn).optional()
}

/// Removes the picture, so that the generated one is shown again. An address of another site, which the old application
/// kept, stays.
///
/// # Errors
/// When a statement fails.
pub fn remove(conn: &mut PgConnection, now: Timestamp, actor: &Actor, id: &UserId) -> QueryResult<bool> {
    // The row of the user is locked before that of the picture, as an upload does: the two never wait for each other.
    user::table.find(id.as_str()).select(user::id).for_update().first::<String>(conn).optional()?;
    if diesel::delete(avatar::table.filter(avatar::user_id.eq(id.as_str()))).execute(conn)? == 0 {
        return Ok(false);
    }
    let changes = (user::avatar.eq(None::<String>), user::updated_at.eq(now));
    diesel::update(user::table.find(id.as_str())).set(changes).execute(conn)?;
    Submission::forget(conn, &[Subject::new(PROFILE, id.as_str())])?;
    Action::PictureRemoved.by(actor, id).record(conn, now)?;
    viewer_change::record(conn, id)?;
    Ok(true)
}

/// Whether this is the path of a picture that we serve. Those of other sites are not shown: the site would learn of every
/// visitor who sees one.
#[must_use]
pub fn is_ours(path: &str) -> bool {
    path.starts_with(paths::AVATAR_FOLDER)
}

impl NewAvatar {
    /// Gives the picture an id of 256 random bits, so that nobody can find it by guessing.
    ///
    /// # Errors
    /// When the operating system has no random bytes to give.
    pub fn new(picture: Picture) -> Result<Self, getrandom::Error> {
        let id = AvatarId::from(SecretToken::generate()?.reveal().to_owned());
        Ok(Self { id, picture })
    }

    /// Replaces the picture that the account had, whose address no longer works.
    ///
    /// # Errors
    /// When a statement fails.
    pub(in crate::accounts) fn take_effect(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        owner: &UserId,
    ) -> QueryResult<()> {
        let path = paths::with_id(paths::accounts::AVATAR, self.id.as_str());
        let changes = (user::avatar.eq(path), user::updated_at.eq(now));
        diesel::update(user::table.find(owner.as_str())).set(changes).execute(conn)?;
        let picture =
            (avatar::id.eq(self.id.as_str()), avatar::picture.eq(self.picture.as_bytes()), avatar::created_at.eq(now));
        diesel::insert_into(avatar::table)
            .values((avatar::user_id.eq(owner.as_str()), picture))
            .on_conflict(avatar::user_id)
            .do_update()
            .set(picture)
            .execute(conn)?;
        Ok(())
    }
}
