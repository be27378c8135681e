//! Paths with ids in them.

use proptest::prelude::*;

use super::*;

#[test]
fn an_id_of_ours_stands_in_its_path_as_it_is() {
    assert_eq!(with_id(accounts::USER, "018f3c1e-ab"), "/admin/users/018f3c1e-ab");
    for nothing in ["", "~AA", "~YQ", "a b", "~not base64", "..", "~/w"] {
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
