//! A submission: a form as it came back. Its row is written in the transaction of its effect, with the answer.

use actix_web::cookie::Key;
use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as QueryError};
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::subject::Subject;
use crate::db::{self, BATCH, Db};
use crate::schema::form_submission;
use crate::values::clock::Timestamp;
use crate::values::id::SubmissionId;
use crate::values::secret_key::{SecretKey, SecretKeys};
use crate::values::secret_token::SecretToken;

/// How long an equal submission is answered like the first.
const KEPT: TimeDelta = TimeDelta::days(1);

/// A form as it came back; without a key it is like no other.
#[derive(Clone, Default)]
pub struct Submission(Option<Keyed>);

#[derive(Clone)]
struct Keyed {
    id: SubmissionId,
    /// Encrypts the answer. It is made of all that was sent, so the database and `SECRET_KEY` together do not open it.
    seal: Key,
    at: Timestamp,
    /// What its browser is known by, where it has no session.
    browser: String,
    /// What a program asks for, once that is understood; nothing for a form, whose id is made of all that was sent.
    meaning: Option<String>,
    /// The key of `SECRET_KEY` that made the form; nothing for a program.
    key: Option<SecretKey>,
}

/// A submission as its table holds it.
#[derive(Debug)]
pub struct Row {
    /// The id.
    pub id: Vec<u8>,
    /// The answer, encrypted.
    pub answer: String,
    /// What it changed.
    pub subject: Option<String>,
}

/// The answer that was stored, and when.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// When the submission took effect.
    pub at: Timestamp,
    /// Whether it asked for the same. With one `Idempotency-Key` a program may ask for something else.
    pub is_equal: bool,
}

impl Submission {
    /// What was sent to this address at this time, by a form that this key of `SECRET_KEY` made. Its id is of that key, so that
    /// replicas know it again while the key is replaced.
    #[must_use]
    pub fn new(key: &SecretKey, at: Timestamp, address: &str, body: &[u8]) -> Self {
        let digest = Sha256::new().chain_update(address).chain_update([0]).chain_update(body).finalize();
        let sent = hex::encode(digest);
        let hmac = |purpose| key.hmac(purpose, &sent);
        let seal = Key::from(&[hmac("form answer, first half"), hmac("form answer, second half")].concat());
        let id = SubmissionId::from(hmac("form submission"));
        Self(Some(Keyed { id, seal, at, browser: String::new(), meaning: None, key: Some(key.clone()) }))
    }

    /// The same, now that it is understood what a program asks for, however it wrote that down.
    #[must_use]
    pub fn asking_for(self, meaning: String) -> Self {
        Self(self.0.map(|keyed| Keyed { meaning: Some(meaning), ..keyed }))
    }

    /// Whether it is understood what a program asks for.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.0.as_ref().is_some_and(|keyed| keyed.meaning.is_some())
    }

    /// What a program sent to this address at this time, which holds its key of the API. No key of ours is needed to hide
    /// it, so replicas know it again while `SECRET_KEY` is replaced.
    #[must_use]
    pub fn of_program(at: Timestamp, address: &str) -> Self {
        let hash = |purpose: &str| -> [u8; 32] { Sha256::digest(format!("{purpose}\n{address}")).into() };
        let seal = Key::from(&[hash("answer, first half"), hash("answer, second half")].concat());
        let id = SubmissionId::from(hash("submission"));
        Self(Some(Keyed { id, seal, at, browser: String::new(), meaning: None, key: None }))
    }

    /// The same, sent by the browser that is known by this.
    #[must_use]
    pub fn sent_by(self, browser: String) -> Self {
        Self(self.0.map(|keyed| Keyed { browser, ..keyed }))
    }

    /// One that is equal to no other, for what was sent without a key; without an id when the operating system has no random
    /// bytes. Whoever writes it and does not learn whether that took effect finds out by its id.
    #[must_use]
    pub fn unique(keys: &SecretKeys, at: Timestamp) -> Self {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_or_else(|_| Self::default(), |()| Self::new(&keys.current, at, "", &random))
    }

    /// Its id, if it has one.
    #[must_use]
    pub fn id(&self) -> Option<SubmissionId> {
        self.0.as_ref().map(|keyed| keyed.id)
    }

    /// Does `work`, and stores the answer with its effect, in one transaction. Nothing is stored when there was no effect.
    ///
    /// # Errors
    /// When an equal submission took effect, or the database fails.
    pub async fn write<T: Send + 'static>(
        &self,
        db: &Db,
        answer: &Answer,
        work: impl Fn(&mut PgConnection) -> QueryResult<Option<T>> + Send + 'static,
    ) -> Result<Option<T>, db::Error> {
        let (submission, answer) = (self.clone(), answer.clone());
        let written = db.write(move |conn| {
            let effect = work(conn)?;
            effect.as_ref().map_or(Ok(()), |_| submission.record(conn, &answer))?;
            Ok(effect)
        });
        written.await
    }

    /// Stores the answer, as the last step of the transaction of its effect. Waits for an equal submission whose
    /// transaction runs; when that one took effect, this one rolls back,
    /// and the middleware answers it like the first.
    ///
    /// # Errors
    /// When an equal submission took effect, or the statement fails.
    pub fn record(&self, conn: &mut PgConnection, answer: &Answer) -> QueryResult<()> {
        let (Some(Row { id, answer, subject }), Some(Keyed { at, .. })) = (self.row(answer)?, &self.0) else {
            return Ok(());
        };
        let row = (
            form_submission::id.eq(id),
            form_submission::answer.eq(answer),
            form_submission::created_at.eq(at),
            form_submission::subject.eq(subject),
        );
        let recorded =
            diesel::insert_into(form_submission::table).values(row).on_conflict_do_nothing().execute(conn)?;
        if recorded == 1 { Ok(()) } else { Err(QueryError::RollbackTransaction) }
    }

    /// Forgets the answers of all other submissions that changed this, since it is changed once more: one that is equal to
    /// theirs has an effect again. Lock what is changed first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn forget_others(&self, conn: &mut PgConnection, subject: &Subject) -> QueryResult<()> {
        let of_subject = form_submission::table.filter(form_submission::subject.eq(subject.as_str()));
        let own = self.id().map(|id| id.as_bytes().to_vec()).unwrap_or_default();
        diesel::delete(of_subject.filter(form_submission::id.ne(own))).execute(conn)?;
        Ok(())
    }

    /// Rolls back when an equal submission took effect: for a form that replaces what it did before, which would forget
    /// its own answer. Lock what is replaced first.
    ///
    /// # Errors
    /// When an equal submission took effect, or the statement fails.
    pub fn refuse_equal(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let answered = self.find_answer(conn)?;
        answered.map_or(Ok(()), |_| Err(QueryError::RollbackTransaction))
    }

    /// Forgets the answers of all submissions that changed any of these.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn forget(conn: &mut PgConnection, subjects: &[Subject]) -> QueryResult<()> {
        let of_any = form_submission::subject.eq_any(subjects.iter().map(Subject::as_str));
        diesel::delete(form_submission::table.filter(of_any)).execute(conn)?;
        Ok(())
    }

    /// What [`Submission::record`] stores, for a statement that stores it with its effect; nothing without a key.
    ///
    /// # Errors
    /// When the answer cannot be encrypted.
    pub fn row(&self, answer: &Answer) -> QueryResult<Option<Row>> {
        let Some(Keyed { id, seal, meaning, .. }) = &self.0 else { return Ok(None) };
        let subject = answer.subject.as_ref().map(|subject| subject.as_str().to_owned());
        let answer = answer.clone().to(meaning.clone());
        let answer = answer.seal(seal).map_err(|error| QueryError::SerializationError(error.into()))?;
        Ok(Some(Row { id: id.as_bytes().to_vec(), answer, subject }))
    }

    /// How an equal submission was answered, if one took effect.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find_answer(&self, conn: &mut PgConnection) -> QueryResult<Option<Answered>> {
        let Some(Keyed { id, seal, meaning, .. }) = &self.0 else { return Ok(None) };
        let row =
            form_submission::table.find(id.as_bytes()).select((form_submission::answer, form_submission::created_at));
        let row: Option<(String, Timestamp)> = row.first(conn).optional()?;
        Ok(row.and_then(|(sealed, at)| {
            let answer = Answer::open(sealed, seal)?;
            Some(Answered { is_equal: answer.is_to(meaning.as_deref()), answer, at })
        }))
    }

    /// The token that a session gets by this submission, when it had this one before: the same whenever it is made, and
    /// nobody makes it who has not both. A guest had none: then it takes the same browser, since whoever has read what was
    /// sent must not get the session of who sent it. Nothing without a form's key.
    #[must_use]
    pub fn session_token(&self, former: Option<&SecretToken>) -> Option<SecretToken> {
        let Keyed { id, browser, key, .. } = self.0.as_ref()?;
        let form = hex::encode(id.as_bytes());
        let form = if former.is_some() { form } else { format!("{form} {browser}") };
        Some(SecretToken::of_session(key.as_ref()?, &form, former))
    }

    /// Deletes submissions that are answered no more, a batch at a time.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn sweep(conn: &mut PgConnection, now: Timestamp) -> QueryResult<usize> {
        let over = form_submission::table.filter(form_submission::created_at.lt(now - KEPT));
        let batch: Vec<Vec<u8>> = over.select(form_submission::id).limit(BATCH).load(conn)?;
        diesel::delete(form_submission::table.filter(form_submission::id.eq_any(batch))).execute(conn)
    }
}

/// The failure of a statement that stores a submission with its effect: when an equal one took effect, that statement has
/// undone itself.
#[must_use]
pub fn rolled_back(error: QueryError) -> QueryError {
    match &error {
        QueryError::DatabaseError(DatabaseErrorKind::UniqueViolation, about)
            if about.constraint_name() == Some("form_submission_pkey") =>
        {
            QueryError::RollbackTransaction
        }
        _ => error,
    }
}

impl std::fmt::Debug for Submission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Submission").field(&self.id()).finish()
    }
}
