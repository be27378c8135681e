//! The steps of an import: a batch of lines in one transaction each, so that a process that dies leaves nothing half
//! done, and any other goes on.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Text, Timestamptz};

use super::import::ImportState;
use super::import_line::NEW;
use crate::mail::link::{self, Link};
use crate::schema::{outbox_letter, waitlist_import, waitlist_import_line as line};
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::erasure;
use crate::values::id::ImportId;
use crate::values::secret_key::SecretKeys;
use crate::waitlist::joining::entry_mail::KINDS;
use crate::web::protection::abuse_counters::Reason;
use crate::web::protection::disposable_address::is_disposable;

/// Lines of one batch: some 0.2 s.
const LINES: i64 = 2_000;

/// The lines behind `$2` of import `$1`, judged by what the waitlist holds now; `$4` and `$5` are the keys under which
/// their addresses may be remembered as erased. Whoever left, was deleted or was erased is out for good. Looked up
/// line by line, since the planner knows nothing of lines that came a moment ago.
const JUDGED: &str = "\
WITH batch AS ( \
  SELECT line, email, role, outcome FROM waitlist_import_line \
  WHERE import_id = $1 AND line > $2 AND (outcome = 'new' OR NOT $6) ORDER BY line LIMIT $3 \
), erased AS ( \
  SELECT DISTINCT known.line FROM unnest($4, $5) AS known (line, key) JOIN waitlist_erased USING (key) \
), judged AS ( \
  SELECT batch.line, batch.email, batch.role, \
         CASE WHEN batch.outcome <> 'new' THEN batch.outcome \
              WHEN listed.is_out THEN 'opted_out' \
              WHEN listed.is_out IS NOT NULL THEN 'duplicate' \
              WHEN erased.line IS NOT NULL THEN 'opted_out' \
              ELSE 'new' END AS outcome \
  FROM batch LEFT JOIN erased USING (line) \
  LEFT JOIN LATERAL ( \
    SELECT bool_or(left_at IS NOT NULL OR deleted_at IS NOT NULL) AS is_out \
    FROM waitlist WHERE lower(waitlist.email) = batch.email \
  ) AS listed ON true \
)";

/// Counts the lines by their outcome. Fewer than a whole batch are the last.
const CHECK: &str = ", \
noted AS ( \
  UPDATE waitlist_import_line AS line SET outcome = judged.outcome \
  FROM judged WHERE line.import_id = $1 AND line.line = judged.line AND line.outcome IS DISTINCT FROM judged.outcome \
), counted AS ( \
  SELECT count(*) AS lines, max(line) AS last, \
         count(*) FILTER (WHERE outcome = 'new') AS fresh, count(*) FILTER (WHERE outcome = 'duplicate') AS duplicate, \
         count(*) FILTER (WHERE outcome = 'invalid') AS invalid, \
         count(*) FILTER (WHERE outcome = 'opted_out') AS opted_out FROM judged \
) \
UPDATE waitlist_import SET \
  done = done + counted.lines, reached = coalesce(counted.last, reached), fresh = waitlist_import.fresh + counted.fresh, \
  duplicate = waitlist_import.duplicate + counted.duplicate, invalid = waitlist_import.invalid + counted.invalid, \
  opted_out = waitlist_import.opted_out + counted.opted_out, \
  state = CASE WHEN counted.lines < $3 THEN 'checked' ELSE state END \
FROM counted WHERE id = $1";

/// Adds those that are still new. Ids follow the order of the file, and so do the places.
const ADD: &str = ", \
inserted AS ( \
  INSERT INTO waitlist (email, role, created_at, locale, consent, import_id, confirmed_at, signals) \
  SELECT judged.email, judged.role, $7, import.locale, 'import:' || import.id, import.id, \
         CASE WHEN import.are_confirmed THEN $7 END, CASE WHEN judged.line = ANY ($8) THEN ARRAY[$9] END \
  FROM judged JOIN waitlist_import AS import ON import.id = $1 WHERE judged.outcome = 'new' ORDER BY judged.line \
  ON CONFLICT ON CONSTRAINT waitlist_email_key DO NOTHING RETURNING email \
), ended AS ( \
  SELECT judged.line, CASE WHEN inserted.email IS NOT NULL THEN 'added' \
                           WHEN judged.outcome = 'new' THEN 'duplicate' ELSE judged.outcome END AS outcome \
  FROM judged LEFT JOIN inserted USING (email) \
), noted AS ( \
  UPDATE waitlist_import_line AS line SET outcome = ended.outcome \
  FROM ended WHERE line.import_id = $1 AND line.line = ended.line \
), counted AS ( \
  SELECT count(*) AS lines, max(line) AS last, \
         count(*) FILTER (WHERE outcome = 'added') AS added, count(*) FILTER (WHERE outcome = 'duplicate') AS duplicate, \
         count(*) FILTER (WHERE outcome = 'opted_out') AS opted_out FROM ended \
) \
UPDATE waitlist_import SET \
  done = done + counted.lines, reached = coalesce(counted.last, reached), \
  fresh = fresh - counted.duplicate - counted.opted_out, added = waitlist_import.added + counted.added, \
  duplicate = waitlist_import.duplicate + counted.duplicate, \
  opted_out = waitlist_import.opted_out + counted.opted_out, \
  state = CASE WHEN counted.lines < $3 THEN 'added' ELSE state END, \
  ended_at = CASE WHEN counted.lines < $3 THEN $7 END \
FROM counted WHERE id = $1";

/// Takes away whoever has done nothing since: what a person did themselves, or an admin to the place, stays.
const REMOVE: &str = "\
WITH batch AS ( \
  SELECT waitlist.id FROM waitlist WHERE import_id = $1 AND waitlist.id > $2 ORDER BY waitlist.id LIMIT $3 FOR UPDATE \
), gone AS ( \
  DELETE FROM waitlist USING waitlist_import AS import, batch \
  WHERE waitlist.id = batch.id AND import.id = $1 \
    AND (confirmed_at IS NULL OR import.are_confirmed AND confirmed_at = created_at) \
    AND invited_at IS NULL AND signed_up_at IS NULL AND left_at IS NULL AND deleted_at IS NULL \
    AND NOT EXISTS (SELECT FROM audit_event WHERE entry_id = waitlist.id) \
    AND NOT EXISTS (SELECT FROM waitlist_invitation WHERE entry_id = waitlist.id) \
  RETURNING waitlist.id, email \
), counted AS ( \
  UPDATE waitlist_import SET \
    done = done + passed.entries, reached = coalesce(passed.last, reached), removed = removed + passed.gone, \
    state = CASE WHEN passed.entries < $3 THEN 'removed' ELSE state END, \
    ended_at = CASE WHEN passed.entries < $3 THEN $4 END \
  FROM (SELECT count(*) AS entries, max(id) AS last, (SELECT count(*) FROM gone) AS gone FROM batch) AS passed \
  WHERE waitlist_import.id = $1 \
) \
SELECT id, email FROM gone";

#[derive(Queryable, Selectable)]
#[diesel(table_name = waitlist_import, check_for_backend(Pg))]
struct Due {
    #[diesel(deserialize_as = String)]
    id: ImportId,
    #[diesel(deserialize_as = String)]
    state: ImportState,
    reached: i64,
}

#[derive(QueryableByName)]
struct Gone {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    email: String,
}

/// Does one batch of the oldest import that waits for one and that no other process is at; tells how many it did.
///
/// # Errors
/// When a statement fails.
pub fn step(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<usize> {
    let waiting = waitlist_import::state.eq_any(["checking", "adding", "removing"]);
    let oldest = waitlist_import::table.filter(waiting).order(waitlist_import::made_at).select(Due::as_select());
    let Some(due) = oldest.for_update().skip_locked().first(conn).optional()? else { return Ok(0) };
    due.advance(conn, now, keys)?;
    Ok(1)
}

/// Does one batch of this import.
///
/// # Errors
/// When a statement fails.
pub fn advance(conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys, id: &ImportId) -> QueryResult<()> {
    let due = waitlist_import::table.find(id.as_str()).select(Due::as_select()).for_update().first(conn)?;
    due.advance(conn, now, keys)
}

impl Due {
    fn advance(&self, conn: &mut PgConnection, now: Timestamp, keys: &SecretKeys) -> QueryResult<()> {
        match self.state {
            ImportState::Checking => self.judge(conn, (now, keys), CHECK),
            ImportState::Adding => self.judge(conn, (now, keys), ADD),
            ImportState::Removing => self.remove(conn, now),
            _ => Ok(()),
        }
    }

    fn judge(&self, conn: &mut PgConnection, (now, keys): (Timestamp, &SecretKeys), then: &str) -> QueryResult<()> {
        let batch = self.batch(conn)?;
        let disposable = batch.iter().filter(|(_, email)| is_disposable(email)).map(|(line, _)| *line);
        let disposable: Vec<_> = disposable.collect();
        let erased =
            batch.iter().flat_map(|(line, email)| erasure::keys(keys, email).into_iter().map(|key| (*line, key)));
        let (lines, erased): (Vec<_>, Vec<_>) = erased.unzip();
        diesel::sql_query(format!("{JUDGED}{then}"))
            .bind::<Text, _>(self.id.as_str())
            .bind::<BigInt, _>(self.reached)
            .bind::<BigInt, _>(LINES)
            .bind::<Array<Integer>, _>(lines)
            .bind::<Array<Text>, _>(erased)
            .bind::<Bool, _>(self.state == ImportState::Adding)
            .bind::<Timestamptz, _>(now)
            .bind::<Array<Integer>, _>(disposable)
            .bind::<Text, _>(Reason::Disposable.as_str())
            .execute(conn)?;
        Ok(())
    }

    /// The lines of the batch that have an address.
    fn batch(&self, conn: &mut PgConnection) -> QueryResult<Vec<(i32, EmailAddress)>> {
        let reached = i32::try_from(self.reached).unwrap_or(i32::MAX);
        let is_open = line::outcome.is_null().or(line::outcome.eq(NEW));
        let of = line::import_id.eq(self.id.as_str()).and(line::line.gt(reached)).and(is_open);
        let batch = line::table.filter(of).order(line::line).limit(LINES).select((line::line, line::email));
        let batch: Vec<(i32, Option<String>)> = batch.load(conn)?;
        Ok(batch.into_iter().filter_map(|(line, email)| Some((line, EmailAddress::from(email?)))).collect())
    }

    fn remove(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<()> {
        let gone: Vec<Gone> = diesel::sql_query(REMOVE)
            .bind::<Text, _>(self.id.as_str())
            .bind::<BigInt, _>(self.reached)
            .bind::<BigInt, _>(LINES)
            .bind::<Timestamptz, _>(now)
            .load(conn)?;
        let ids: Vec<_> = gone.iter().map(|gone| gone.id.to_string()).collect();
        Link::end_all_of(conn, &link::OF_WAITLIST, &ids)?;
        let addresses: Vec<_> = gone.into_iter().map(|gone| gone.email).collect();
        let letters = outbox_letter::recipient.eq_any(addresses).and(outbox_letter::kind.like(format!("{KINDS}%")));
        diesel::delete(outbox_letter::table.filter(letters)).execute(conn)?;
        Ok(())
    }
}
