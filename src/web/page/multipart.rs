//! Forms with a file (`multipart/form-data`): read part by part, within bounds, their texts by the rules of every form.

use std::cell::Cell;
use std::ops::Deref;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::form::{self, Form, KeptBody};
use super::kept_upload::KeptUpload;
use super::upload_memory::Reservation;
use crate::values::id::UploadId;
use crate::web::app::App;
use crate::web::error::Error;
use crate::web::submission::sent_form;
use crate::web::visitor::viewer::{Viewer, Visitor};

const MIB: usize = 1024 * 1024;
/// Bytes that a file may have to be kept while its form waits: as many as the largest file of any form.
pub const MOST_KEPT: usize = 16 * MIB;
/// The field that names a file which was kept.
pub const KEPT: &str = "kept_file";
/// Bytes that are read of a body that is too large, and discarded: a browser that cannot send its whole body shows a
/// broken connection instead of our answer. Photos of a phone's camera are of this size.
const MOST_READ: usize = 32 * MIB;
/// Parts of one body at most: each costs a little work, however short it is.
const MOST_PARTS: usize = 32;
/// Longest wait for each MiB that the file of a form may have: enough at half a megabit a second.
const TIMEOUT_PER_MIB: Duration = Duration::from_secs(15);
/// Longest wait for the largest file of any form.
pub const LONGEST_ARRIVAL: Duration = Duration::from_secs(TIMEOUT_PER_MIB.as_secs() * (MOST_KEPT / MIB) as u64);

/// A form with at most one file, of at most `MOST` bytes. Browsers send it as `multipart/form-data`; without a file it
/// may be urlencoded too.
#[derive(Debug)]
pub struct Upload<T, const MOST: usize> {
    form: Form<T>,
    /// The file and its field.
    file: Option<(String, File)>,
    /// Under which id the file was kept, when this form had to wait.
    kept: Option<UploadId>,
    /// Given back when the form was answered.
    _memory: Reservation,
}

/// A file that came with a form. Its name and type, which the client made up, are not kept.
#[derive(Debug)]
pub enum File {
    /// All of it.
    Whole(Vec<u8>),
    /// It has more bytes than its form takes.
    TooLarge,
}

impl<T, const MOST: usize> Upload<T, MOST> {
    /// The file of this field; nothing when none was chosen.
    ///
    /// # Errors
    /// When another field, which has no file in our form, brought one.
    pub fn take_file(&mut self, field: &str) -> Result<Option<File>, Error> {
        match self.file.take() {
            Some((name, _)) if name != field => Err(Error::BAD_REQUEST),
            file => Ok(file.map(|(_, file)| file)),
        }
    }

    /// Keeps the file, which [`take_file`](Self::take_file) gave, until its form comes again with [`KEPT`] as one of its
    /// fields; gives the value of this field.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn keep_file(&self, app: &App, viewer: &Viewer, upload: KeptUpload) -> Result<UploadId, Error> {
        if let Some(id) = &self.kept {
            return Ok(id.clone());
        }
        let (now, user) = (app.clock.now(), viewer.id.clone());
        Ok(app.db.write(move |conn| upload.keep(conn, now, &user)).await?)
    }

    /// The other fields, to show them again.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.form.into_inner()
    }
}

impl<T, const MOST: usize> Deref for Upload<T, MOST> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.form
    }
}

impl<T: DeserializeOwned + 'static, const MOST: usize> FromRequest for Upload<T, MOST> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let owner = Owner::of(request);
        let memory = owner.as_ref().map(|owner| owner.app.upload_memory.clone()).unwrap_or_default().reservation();
        if !form::is_sent_as(request, form::MULTIPART) {
            let request = request.clone();
            let body = form::body(&request, payload, form::URLENCODED);
            let arrived = Arrived { file: None, memory };
            return Box::pin(async move { Self::read(&request, body.await?, arrived, owner).await });
        }
        let (request, seen) = (request.clone(), Rc::new(Cell::new(0)));
        let parts = Multipart::new(request.headers(), counted(payload.take(), Rc::clone(&seen)));
        Box::pin(async move {
            let timeout = TIMEOUT_PER_MIB * u32::try_from(MOST.div_ceil(MIB)).unwrap_or(1);
            let body = tokio::time::timeout(timeout, Body::read(parts, MOST, memory));
            let body = body.await.map_err(|_| Error::Refused(StatusCode::REQUEST_TIMEOUT))??;
            // Besides the file, a body may have as many bytes as any form.
            if seen.get() > MOST + form::MAX_BYTES && !matches!(body.file, Some((_, File::TooLarge))) {
                return Err(Error::Refused(StatusCode::PAYLOAD_TOO_LARGE));
            }
            sent_form::store_parts(&request, &body.pairs, &body.file_hash()).await?;
            let texts = body.texts()?;
            Self::read(&request, texts.into(), Arrived { file: body.file, memory: body.memory }, owner).await
        })
    }
}

/// The file that arrived with a form, if any.
struct Arrived {
    file: Option<(String, File)>,
    memory: Reservation,
}

/// Whose files may be kept, and were.
struct Owner {
    app: Data<App>,
    viewer: Option<Arc<Viewer>>,
}

impl Owner {
    fn of(request: &HttpRequest) -> Option<Self> {
        let app = request.app_data::<Data<App>>()?.clone();
        let viewer = if let Visitor::SignedIn(viewer) = Visitor::of(request) { Some(viewer) } else { None };
        Some(Self { app, viewer })
    }

    /// The file that was kept under this id, if it is theirs and still there.
    async fn find(self, id: UploadId) -> Result<Option<KeptUpload>, Error> {
        let Some(viewer) = self.viewer else { return Ok(None) };
        Ok(self.app.db.read(move |conn| KeptUpload::find(conn, &viewer.id, &id)).await?)
    }
}

impl<T: DeserializeOwned, const MOST: usize> Upload<T, MOST> {
    /// Reads the fields. Without a file of its own, a form has the one that was kept for it.
    async fn read(request: &HttpRequest, body: Bytes, arrived: Arrived, owner: Option<Owner>) -> Result<Self, Error> {
        let form = form::read(&body)?;
        KeptBody::keep(request, body.clone());
        let Arrived { file, mut memory } = arrived;
        let named = form_urlencoded::parse(&body).find(|(name, id)| name == KEPT && !id.is_empty());
        let named = named.filter(|_| file.is_none()).and_then(|(_, id)| id.parse::<UploadId>().ok());
        let (Some(id), Some(owner)) = (named, owner) else {
            return Ok(Self { form, file, kept: None, _memory: memory });
        };
        let Some(KeptUpload { field, file }) = owner.find(id.clone()).await? else {
            return Ok(Self { form, file: None, kept: None, _memory: memory });
        };
        memory.grow(file.len())?;
        let file = if file.len() > MOST { File::TooLarge } else { File::Whole(file) };
        Ok(Self { form, file: Some((field, file)), kept: Some(id), _memory: memory })
    }
}

impl<const MOST: usize> Upload<Vec<(String, String)>, MOST> {
    /// The form as a urlencoded body that can be sent again later: its file is kept meanwhile.
    ///
    /// # Errors
    /// When the file is too large to be kept, or the database is unavailable.
    pub async fn into_waiting(mut self, app: &App, viewer: &Viewer) -> Result<String, Error> {
        let file = self.file.take();
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(self.form.iter().filter(|(name, _)| name != KEPT));
        match file {
            None => {}
            Some((_, File::TooLarge)) => return Err(Error::Refused(StatusCode::PAYLOAD_TOO_LARGE)),
            Some((field, File::Whole(file))) => {
                let id = self.keep_file(app, viewer, KeptUpload { field, file }).await?;
                body.append_pair(KEPT, id.as_str());
            }
        }
        Ok(body.finish())
    }
}

/// The body as it arrives. Counts its bytes in `seen`, and ends with an error when they are too many.
fn counted(payload: Payload, seen: Rc<Cell<usize>>) -> impl futures_util::Stream<Item = Result<Bytes, PayloadError>> {
    payload.map(move |chunk| {
        let chunk = chunk?;
        seen.set(seen.get() + chunk.len());
        if seen.get() > MOST_READ { Err(PayloadError::Overflow) } else { Ok(chunk) }
    })
}

/// What was read of the parts so far.
struct Body {
    pairs: Vec<(String, String)>,
    /// Bytes that further texts and their names may have.
    text_left: usize,
    /// Bytes that the file may have.
    most: usize,
    file: Option<(String, File)>,
    memory: Reservation,
}

impl Body {
    async fn read(mut parts: Multipart, most: usize, memory: Reservation) -> Result<Self, Error> {
        let mut body = Self { pairs: Vec::new(), text_left: form::MAX_BYTES, most, file: None, memory };
        for _ in 0..MOST_PARTS {
            match parts.next().await {
                Some(part) => body.take(part.map_err(|error| refusal(&error))?).await?,
                None => return Ok(body),
            }
        }
        Err(Error::BAD_REQUEST)
    }

    async fn take(&mut self, mut part: Field) -> Result<(), Error> {
        let name = part.name().unwrap_or_default().to_owned();
        if is_file(&part) {
            // Browsers send an empty file when none was chosen.
            let Some(file) = self.file(part).await? else { return Ok(()) };
            // Of two files nobody could say which one is meant.
            return self.file.replace((name, file)).map_or(Ok(()), |_| Err(Error::BAD_REQUEST));
        }
        let too_much = || Error::Refused(StatusCode::PAYLOAD_TOO_LARGE);
        self.text_left = self.text_left.checked_sub(name.len()).ok_or_else(too_much)?;
        let value = part.bytes(self.text_left).await.map_err(|_| too_much())?.map_err(|error| refusal(&error))?;
        self.text_left -= value.len();
        let value = std::str::from_utf8(&value).map_err(|_| Error::BAD_REQUEST)?;
        self.pairs.push((name, value.to_owned()));
        Ok(())
    }

    /// The file of a part. Of a file that is too large nothing is kept, but the parts after it are read.
    async fn file(&mut self, mut part: Field) -> Result<Option<File>, Error> {
        let (mut bytes, mut is_too_large) = (Vec::new(), false);
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|error| refusal(&error))?;
            is_too_large |= bytes.len() + chunk.len() > self.most;
            if is_too_large {
                bytes = Vec::new();
                continue;
            }
            self.memory.grow(chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        let is_empty = bytes.is_empty() && !is_too_large;
        let file = if is_too_large { File::TooLarge } else { File::Whole(bytes) };
        Ok((!is_empty).then_some(file))
    }

    /// The hash of the file, which stands for it where submissions are compared.
    fn file_hash(&self) -> String {
        match &self.file {
            Some((_, File::Whole(bytes))) => hex::encode(Sha256::digest(bytes)),
            _ => String::new(),
        }
    }

    /// The texts as if they had been sent urlencoded, so that the same rules hold, such as for NUL and for fields that were
    /// sent twice.
    fn texts(&self) -> Result<String, Error> {
        if self.file.as_ref().is_some_and(|(field, _)| self.pairs.iter().any(|(name, _)| name == field)) {
            return Err(Error::BAD_REQUEST);
        }
        Ok(form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.pairs).finish())
    }
}

/// A part with a file name is a file, even when that name is empty.
fn is_file(part: &Field) -> bool {
    let disposition = part.content_disposition();
    disposition.is_some_and(|it| it.get_filename().is_some() || it.get_filename_ext().is_some())
}

fn refusal(error: &MultipartError) -> Error {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => Error::Refused(StatusCode::PAYLOAD_TOO_LARGE),
        _ => Error::BAD_REQUEST,
    }
}
