//! The development mailbox: a folder with a file for each mail that would have been sent.

use std::borrow::Cow;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;

use chrono::DateTime;
use mail_parser::{Addr, Address, MessageParser};
use uuid::Uuid;

use crate::config::Config;
use crate::values::clock::Timestamp;

/// Mails kept; older ones are removed.
const MOST: usize = 500;

/// The folder. It need not exist before the first mail.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// A mail as it was written.
#[derive(Clone, Debug)]
pub struct StoredMail {
    /// The letter's id, and the file's name.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// Whom it is for.
    pub to: String,
    /// Who it says it is from.
    pub from: String,
    /// Its date.
    pub date: Timestamp,
    /// Its text part.
    pub text: String,
    /// Its HTML part, if it has one.
    pub html: Option<String>,
}

impl Folder {
    /// The mailbox of this configuration.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self(config.data_dir.join("mailbox"))
    }

    /// Keeps a mail, whole or not at all, for this machine's user alone: it holds links that work.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn write(&self, id: &str, mail: &[u8]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        let unfinished = self.0.join(format!("{id}.tmp"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(mail)?;
        fs::rename(unfinished, self.path(id))?;
        for old in self.ids()?.iter().skip(MOST) {
            fs::remove_file(self.path(old))?;
        }
        Ok(())
    }

    /// The newest mails, up to `most`.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn newest(&self, most: usize) -> io::Result<Vec<StoredMail>> {
        Ok(self.ids()?.iter().take(most).filter_map(|id| self.find(id)).collect())
    }

    /// One mail. An id is a UUID, so that no request leaves the folder.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<StoredMail> {
        let id = Uuid::try_parse(id).ok()?.to_string();
        let raw = fs::read(self.path(&id)).ok()?;
        let mail = MessageParser::default().parse(&raw)?;
        Some(StoredMail {
            subject: mail.subject().unwrap_or_default().to_owned(),
            to: written(mail.to()),
            from: written(mail.from()),
            date: mail.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)).unwrap_or_default(),
            text: mail.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
            html: mail.html_part(0).and_then(|_| mail.body_html(0)).map(Cow::into_owned),
            id,
        })
    }

    /// Newest first, since a UUID v7 begins with its time. No folder is an empty mailbox.
    fn ids(&self) -> io::Result<Vec<String>> {
        let files = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            files => files?,
        };
        let name = |file: fs::DirEntry| Some(file.file_name().to_str()?.strip_suffix(".eml")?.to_owned());
        let mut ids: Vec<_> = files.filter_map(|file| name(file.ok()?)).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        Ok(ids)
    }

    fn path(&self, id: &str) -> PathBuf {
        self.0.join(format!("{id}.eml"))
    }
}

/// `Ana Rojas <ana@example.cl>`, or the address alone.
fn written(field: Option<&Address<'_>>) -> String {
    let Some(Addr { name, address }) = field.and_then(Address::first) else { return String::new() };
    let address = address.as_deref().unwrap_or_default();
    name.as_deref().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const MAIL: &[u8] = b"From: Biovity <no-reply@localhost>\r\nTo: ana@example.cl\r\nSubject: Hello\r\n\
        Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n\r\nDear Ana,\r\nhello.\r\n";

    #[test]
    fn a_mail_reads_back_and_is_nobody_elses() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder(place.path().join("mailbox"));
        assert!(folder.newest(1).unwrap().is_empty(), "no folder yet");
        let id = Uuid::now_v7().to_string();
        folder.write(&id, MAIL).unwrap();
        let mail = folder.find(&id).unwrap();
        assert_eq!((mail.subject.as_str(), mail.to.as_str()), ("Hello", "ana@example.cl"));
        assert_eq!(mail.from, "Biovity <no-reply@localhost>");
        assert_eq!(mail.text, "Dear Ana,\nhello.\n");
        assert_eq!(mail.date.to_rfc3339(), "2026-11-23T12:00:00+00:00");
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!([mode(folder.path(&id)), mode(folder.0.clone())], [0o600, 0o700]);
    }

    #[test]
    fn only_the_newest_are_kept() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder(place.path().to_owned());
        let ids: Vec<_> = (0..=MOST).map(|_| Uuid::now_v7().to_string()).collect();
        for id in &ids {
            folder.write(id, MAIL).unwrap();
        }
        assert!(folder.find(&ids[0]).is_none());
        assert_eq!(
            folder.newest(2).unwrap().iter().map(|mail| &mail.id).collect::<Vec<_>>(),
            [&ids[MOST], &ids[MOST - 1]]
        );
    }

    #[test]
    fn no_id_leads_out_of_the_folder() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("secret.eml"), MAIL).unwrap();
        let folder = Folder(place.path().join("mailbox"));
        for id in ["../secret", "..%2fsecret", "/etc/passwd", "", "secret"] {
            assert!(folder.find(id).is_none(), "{id}");
        }
    }
}
