//! The name and the address of an account by its id, as SQL: for every page that tells who acted.

/// SQL for the name of the account with this id, or for its address when it has no name; NULL when the account is gone.
/// `id` is SQL too, such as `event.actor_id`.
#[must_use]
pub fn name_of(id: &str) -> String {
    format!("(SELECT coalesce(nullif(person.name, ''), person.email) FROM \"user\" AS person WHERE person.id = {id})")
}

/// SQL for the address of the account with this id; NULL when the account is gone.
#[must_use]
pub fn address_of(id: &str) -> String {
    format!("(SELECT person.email FROM \"user\" AS person WHERE person.id = {id})")
}
