//! The statements that the application sends, recorded by the name of the database: tests run side by side in one process.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// Each statement as it was sent, with the values of its parameters behind it.
static SENT: Mutex<BTreeMap<String, BTreeSet<String>>> = Mutex::new(BTreeMap::new());

thread_local! {
    /// The database that this thread connected to last. The pool gives a connection its recorder right after connecting.
    static DATABASE: RefCell<String> = const { RefCell::new(String::new()) };
}

struct Recorder {
    database: String,
}

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                url.split("///")
                    .nth(1)
                    .unwrap_or(url)
                    .split('?')
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut self.database);
                DATABASE.set(self.database.clone());
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                if let Some(sent) = SENT.lock().unwrap().get_mut(&self.database) {
                    sent.insert(query.to_string());
                }
            }
            _ => {}
        }
    }
}

/// Records what is sent to this database over connections that are opened from now on.
pub fn record(database: &str) {
    SENT.lock().unwrap().insert(database.to_owned(), BTreeSet::new());
    set_default_instrumentation(|| Some(Box::new(Recorder { database: DATABASE.with_borrow(Clone::clone) }))).unwrap();
}

/// What was sent since.
pub fn recorded(database: &str) -> BTreeSet<String> {
    SENT.lock().unwrap().remove(database).unwrap_or_default()
}
