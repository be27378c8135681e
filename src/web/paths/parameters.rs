//! Paths with something filled in: an id, the parameters of a list, the token of a link.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::values::secret_token::SecretToken;

/// Begins an id that is written in base64, since a path cannot hold it as it is.
const ENCODED: char = '~';

/// The path of a pattern such as `/admin/users/{id}`, with this id. Ids of the old application may be any text, and no
/// path of ours holds a percent escape: an id with other characters is written in base64.
#[must_use]
pub fn with_id(pattern: &str, id: &str) -> String {
    let is_plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let written = if is_plain { id.to_owned() } else { format!("{ENCODED}{}", URL_SAFE_NO_PAD.encode(id)) };
    pattern.replace("{id}", &written)
}

/// The id that [`with_id`] wrote; nothing for what it never writes.
#[must_use]
pub fn id_in(segment: &str) -> Option<String> {
    let id = match segment.strip_prefix(ENCODED) {
        Some(encoded) => String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?,
        None => segment.to_owned(),
    };
    (with_id("{id}", &id) == segment).then_some(id)
}

/// A path with these parameters as its query, pairs of name and value. Those without a value are left out.
#[must_use]
pub fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A path with the token of a link.
#[must_use]
pub fn with_token(path: &str, token: &SecretToken) -> String {
    format!("{path}?token={}", token.reveal())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::web::paths::accounts;

    #[test]
    fn an_id_of_ours_stands_in_its_path_as_it_is() {
        assert_eq!(with_id(accounts::USER, "018f3c1e-ab"), "/admin/users/018f3c1e-ab");
        for nothing in ["", "~YQ", "a b", "~not base64", "..", "~/w"] {
            assert_eq!(id_in(nothing), None, "{nothing:?}");
        }
    }

    proptest! {
        #[test]
        fn an_id_reads_back(id in "\\PC{0,40}|[a-z0-9-]{1,36}") {
            let written = with_id("{id}", &id);
            prop_assert!(written.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte)));
            prop_assert_eq!(id_in(&written).unwrap_or_default(), id);
        }
    }
}
