//! The page of all waves, with the form that begins a new one.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::candidate::shown_people::ShownPeople;
use super::wave::{Kind, Wave, WaveState};
use super::wave_size::{MOST, WaveSize};
use super::words::Words;
use crate::values::id::WaveId;
use crate::waitlist::joining::role::Role;
use crate::waitlist::joining::state::State;
use crate::web::page::address::Unsent;
use crate::web::page::paging::{Paged, Pager, Position};
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::{self, Admin, App, Error, FieldErrors, Layout, paths};

/// The value of the parameter that leaves out the waves of one person.
const SEVERAL: &str = "several";

/// A view of the waves. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    people: String,
    after: String,
    before: String,
    /// What was typed before another language was chosen.
    employees: String,
    organizations: String,
}

/// How many to invite, and whom the page showed to the admin.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SizeForm {
    employees: String,
    organizations: String,
    people: String,
}

#[derive(Template)]
#[template(path = "waitlist/waves/wave_list.html")]
struct WavesPage {
    t: &'static Words,
    layout: Layout,
    available: WaveSize,
    of: Kind,
    waves: Paged<Wave, WaveId>,
    form: SizeForm,
    errors: FieldErrors,
}

/// A field of the form.
struct SizeField<'a> {
    name: &'static str,
    label: &'static str,
    hint: String,
    typed: &'a str,
}

/// The waves, and the form of a new one.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> web::Result {
    let of = if view.people == SEVERAL { Kind::OfSeveral } else { Kind::Any };
    let View { employees, organizations, .. } = view;
    let form = SizeForm { employees, organizations, people: String::new() };
    let was_refused = layout.unsent == Some(Unsent::Corrected);
    let errors = form.parse(Words::of(layout.locale)).err().filter(|_| was_refused).unwrap_or_default();
    let page = WavesPage::read(&app, layout, Position::parse(&view.after, &view.before), of).await?;
    response::with_status(errors.status(), WavesPage { form, errors, ..page })
}

/// The first page again, with what is wrong with the form.
pub(super) async fn refuse(app: &App, layout: Layout, form: SizeForm, errors: FieldErrors) -> web::Result {
    let layout = Layout { unsent: Some(Unsent::Corrected), ..layout };
    let page = WavesPage::read(app, layout, Position::Start, Kind::Any).await?;
    response::invalid(WavesPage { form, errors, ..page })
}

impl SizeForm {
    /// The size that was typed, or what is wrong with it.
    pub(super) fn parse(&self, t: &Words) -> Result<WaveSize, FieldErrors> {
        let mut errors = FieldErrors::default();
        let employees = errors.take("employees", number(&self.employees).ok_or_else(|| t.not_a_number(Role::Employee)));
        let organizations =
            errors.take("organizations", number(&self.organizations).ok_or_else(|| t.not_a_number(Role::Organization)));
        let (Some(employees), Some(organizations)) = (employees, organizations) else { return Err(errors) };
        let size = WaveSize { employees, organizations };
        if size.total() == 0 {
            errors.add("employees", t.nobody_asked);
            return Err(errors);
        }
        Ok(size)
    }

    /// Whom the page showed, if the form comes from a rehearsal.
    pub(super) fn shown(&self) -> Result<Option<ShownPeople>, Error> {
        if self.people.is_empty() {
            return Ok(None);
        }
        ShownPeople::parse(&self.people).map(Some).ok_or(Error::BAD_REQUEST)
    }
}

/// Nothing typed is nobody.
fn number(typed: &str) -> Option<i64> {
    match typed.trim() {
        "" => Some(0),
        typed => typed.parse().ok().filter(|number| (0..=MOST).contains(number)),
    }
}

impl WavesPage {
    async fn read(app: &App, layout: Layout, position: Position<WaveId>, of: Kind) -> Result<Self, Error> {
        let read = app.db.read(move |conn| Ok((WaveSize::available(conn)?, Wave::page(conn, position, of)?)));
        let (available, waves) = read.await?;
        let (t, form, errors) = (Words::of(layout.locale), SizeForm::default(), FieldErrors::default());
        let layout = layout.with_typed_query(paths::waitlist::WAVES);
        Ok(Self { t, layout, available, of, waves, form, errors })
    }

    fn page_of(wave: &Wave) -> String {
        paths::with_id(paths::waitlist::WAVE, &wave.id.to_string())
    }

    fn is_of_several(&self) -> bool {
        self.of == Kind::OfSeveral
    }

    /// Only the waves of several people.
    fn of_several() -> String {
        paths::with_query(paths::waitlist::WAVES, &[("people", SEVERAL)])
    }

    /// The list of those who can be invited once they confirm.
    fn unconfirmed() -> String {
        paths::waitlist::list(&[("state", State::Joined.as_str())])
    }

    /// The pages beside this one.
    fn pager(&self) -> Pager {
        let people = if self.is_of_several() { SEVERAL } else { "" };
        self.waves.pager(paths::waitlist::WAVES, &[("people", people)])
    }

    fn fields(&self) -> [SizeField<'_>; 2] {
        [
            SizeField {
                name: "employees",
                label: self.t.employees,
                hint: self.t.available(self.available.employees),
                typed: &self.form.employees,
            },
            SizeField {
                name: "organizations",
                label: self.t.organizations,
                hint: self.t.available(self.available.organizations),
                typed: &self.form.organizations,
            },
        ]
    }
}
