//! What is told of an account by its id, as SQL: its name and its address, for every page that tells who acted, and whether
//! the admin pages are open to it, for what an admin left behind.

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

/// SQL for whether the account with this id is an admin's who can log in: of another kind, deactivated, about to be deleted
/// or gone, it is not.
#[must_use]
pub fn is_admins(id: &str) -> String {
    format!(
        "EXISTS (SELECT FROM \"user\" AS person WHERE person.id = {id} AND person.type = 'admin' \
           AND person.\"isActive\" IS DISTINCT FROM false AND person.purge_at IS NULL)"
    )
}
