//! What people say about themselves: name and profession, and how both change.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;

use crate::accounts::user::avatar::NewAvatar;
use crate::accounts::user::viewer_change;
use crate::audit::event::{Action, Actor};
use crate::schema::user;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::single_line::{OrganizationName, Profession};

/// What somebody wants to be shown as. It has no field for a kind, an address or an organization: those change
/// elsewhere, with proof.
#[derive(Clone, Debug)]
pub struct ProfileChange {
    /// Whose profile.
    pub user: UserId,
    /// Who changes it.
    pub actor: Actor,
    /// The name.
    pub name: OrganizationName,
    /// The profession or position.
    pub profession: Option<Profession>,
    /// Another picture, if one was chosen.
    pub avatar: Option<NewAvatar>,
}

impl ProfileChange {
    /// Saves it; returns whether anything has changed. If not, no row and no event is written.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn save(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<bool> {
        let row = user::table.find(self.user.as_str());
        let before = row.select((user::name, user::profession)).for_update();
        let Some(before) = before.first::<(Option<String>, String)>(conn).optional()? else { return Ok(false) };
        let after =
            (Some(self.name.to_string()), self.profession.as_ref().map_or_else(String::new, ToString::to_string));
        let is_new = before != after;
        if is_new {
            let changes = (user::name.eq(&after.0), user::profession.eq(&after.1), user::updated_at.eq(now));
            diesel::update(row).set(changes).execute(conn)?;
            let details = |(name, profession)| json!({ "name": name, "profession": profession });
            let both = json!({ "before": details(before), "after": details(after) });
            Action::ProfileChanged.by(&self.actor, &self.user).with(both).record(conn, now)?;
        }
        if let Some(avatar) = &self.avatar {
            avatar.take_effect(conn, now, &self.user)?;
            Action::PictureChanged.by(&self.actor, &self.user).record(conn, now)?;
        }
        let has_changed = is_new || self.avatar.is_some();
        if has_changed {
            viewer_change::record(conn, &self.user)?;
        }
        Ok(has_changed)
    }
}
