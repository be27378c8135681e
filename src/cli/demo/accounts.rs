//! Accounts: opened by invitations of the waitlist, by companies and their members, and by those who never verify them.

use anyhow::Context;
use chrono::TimeDelta;

use super::calendar::Event;
use super::demonstration::Demonstration;
use super::people::{self, SLOW_DOMAIN};
use crate::accounts::organization::acceptance::{Acceptance, Invitee, ReceivedInvitation};
use crate::accounts::organization::employer::Employer;
use crate::accounts::organization::invitation::NewInvitation;
use crate::accounts::own_data::grace_period::DeletionRequest;
use crate::accounts::session::activation;
use crate::accounts::session::new_session::{NewSession, Proof};
use crate::accounts::session::sign_up_by_link::SignUpByLink;
use crate::accounts::sign_up::invitee::{self, Opened};
use crate::accounts::sign_up::registration;
use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::user::User;
use crate::accounts::user::user::way_in::WayIn;
use crate::audit::event::Actor;
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::{SessionId, UserId};
use crate::values::locale::Locale;
use crate::values::secret_token::SecretToken;
use crate::waitlist::waves::signed_up;
use crate::web::{Answer, Submission, paths};

/// A company, and how many people it invites.
struct Company {
    email: &'static str,
    name: &'static str,
    invites: i64,
}

/// The organization that can be looked at with the password that is printed.
pub(super) const ORGANIZATION: &str = "personas@andesgenomica.example.cl";
/// The employee who can be looked at likewise.
pub(super) const EMPLOYEE: &str = "camila.rojas@example.cl";

const COMPANIES: [Company; 5] = [
    Company { email: ORGANIZATION, name: "Andes Genómica", invites: 5 },
    Company { email: "contacto@vacunasdelsur.example.cl", name: "Vacunas del Sur", invites: 4 },
    Company { email: "seleccion@bioatacama.example.cl", name: "Bio Atacama", invites: 3 },
    Company { email: "people@algaechile.example.com", name: "Algae Chile", invites: 0 },
    Company { email: "laboratorio@proteinaspacifico.example.cl", name: "Proteínas Pacífico", invites: 0 },
];

impl Demonstration<'_> {
    /// Companies came before the first wave; of those who sign up alone some were here a moment ago.
    pub(super) fn plan_accounts(&mut self) -> anyhow::Result<()> {
        let employee = self.people.known(EMPLOYEE, "Camila Rojas Fuentes");
        self.join_alone(self.ago(TimeDelta::days(74)), employee.clone())?;
        let at = self.ago(TimeDelta::days(72));
        let employee = self.open(at, AccountKind::Employee, employee)?;
        signed_up::record_sign_up(self.conn, at, &EmailAddress::from(EMPLOYEE.to_owned()))?;
        self.calendar.add(at, Event::LogIn(employee));
        for (number, company) in (0..).zip(COMPANIES) {
            let email = self.people.known(company.email, company.name);
            let mut people = if number == 0 { vec![EmailAddress::from(EMPLOYEE.to_owned())] } else { Vec::new() };
            people.extend((0..company.invites).map(|_| self.people.person(&mut self.random, None)));
            self.calendar.add(self.ago(TimeDelta::days(70 - 9 * number)), Event::OpenCompany(email, people));
        }
        for (hours, domain) in
            [(130, None), (100, None), (66, Some(SLOW_DOMAIN)), (60, Some(SLOW_DOMAIN)), (16, Some(SLOW_DOMAIN))]
        {
            let email = self.people.person(&mut self.random, domain);
            self.calendar.add(self.ago(TimeDelta::hours(hours)), Event::SignUp(email));
        }
        Ok(())
    }

    /// Opens the account of a company, and invites people.
    pub(super) fn open_company(
        &mut self,
        now: Timestamp,
        email: &EmailAddress,
        people: Vec<EmailAddress>,
    ) -> anyhow::Result<()> {
        let id = self.open(now, AccountKind::Organization, email.clone())?;
        let client = people::client(&mut self.random);
        self.calendar.add(now, Event::LogIn(id.clone()));
        let mail = self.mail(Locale::Es);
        for invited in people {
            let employer = Employer { id: id.clone(), email: email.clone(), client: client.clone() };
            let new = NewInvitation { employer, email: invited, mail: mail.clone(), form: Submission::default() };
            new.send(self.conn, now)?;
        }
        Ok(())
    }

    /// Accepts the invitation of an organization, with the account that there is or a new one.
    pub(super) fn join_company(&mut self, now: Timestamp, link: &SecretToken) -> anyhow::Result<()> {
        let Some(invitation) = ReceivedInvitation::find(self.conn, now, link)? else { return Ok(()) };
        let accepted = if let Invitee::Employee(id) = &invitation.invitee {
            let owner = Actor::new(id, &people::client(&mut self.random));
            ReceivedInvitation::accept(self.conn, now, link, &owner)?
        } else {
            let sign_up = self.by_link(AccountKind::Employee, &invitation.email);
            ReceivedInvitation::sign_up(self.conn, now, link, &sign_up)?
        };
        if let Acceptance::Accepted(user) = accepted {
            self.welcome(now, &user)?;
        }
        Ok(())
    }

    /// Opens an account by an invitation of the waitlist.
    pub(super) fn open_account(&mut self, now: Timestamp, link: &SecretToken) -> anyhow::Result<()> {
        let Some(invited) = invitee::Invitee::find(self.conn, now, link)? else { return Ok(()) };
        let sign_up = self.by_link(invited.kind, &invited.email);
        if let Opened::Yes(user) = invitee::Invitee::open_account(self.conn, now, link, &sign_up)? {
            self.welcome(now, &user)?;
        }
        Ok(())
    }

    /// Some change their mind later, and one or another is deactivated.
    fn welcome(&mut self, now: Timestamp, user: &User) -> anyhow::Result<()> {
        signed_up::record_sign_up(self.conn, now, &user.email)?;
        self.calendar.add(now, Event::LogIn(user.id.clone()));
        self.opened += 1;
        match self.opened {
            8 | 21 => self.later(now, TimeDelta::days(9), Event::Deactivate(user.id.clone())),
            number if number % 15 == 0 => {
                self.calendar.add(self.ago(TimeDelta::hours(40 + number)), Event::Close(user.id.clone()));
            }
            _ => {}
        }
        Ok(())
    }

    /// Signs somebody up who does not verify the address.
    pub(super) fn sign_up(&mut self, now: Timestamp, email: EmailAddress) -> anyhow::Result<()> {
        let locale = people::locale(&mut self.random);
        let (new, mail) = (self.new_user(AccountKind::Employee, email), self.mail(locale));
        registration::register(self.conn, now, &new, &mail)?;
        self.calendar.add(now + TimeDelta::minutes(1), Event::Deliver);
        Ok(())
    }

    /// Logs somebody in, and most of them again some days later.
    pub(super) fn log_in(&mut self, now: Timestamp, id: &UserId) -> anyhow::Result<()> {
        let Some(user) = User::find(self.conn, id)? else { return Ok(()) };
        let session = NewSession {
            id: SessionId::generate(),
            proof: Proof::by_password(user, people::client(&mut self.random), None, Vec::new()),
            is_known_device: self.random.happens(700),
            former: None,
            token: SecretToken::generate().context("no random bytes")?,
            read_at: now,
            submission: Submission::default(),
            answer: Answer::see_other(paths::accounts::ACCOUNT),
        };
        session.start(self.conn, now)?;
        if self.random.happens(850) {
            self.later(now, TimeDelta::days(12), Event::LogIn(id.clone()));
        }
        Ok(())
    }

    /// Deactivates an account.
    pub(super) fn deactivate(&mut self, now: Timestamp, id: &UserId) -> anyhow::Result<()> {
        let actor = self.admin();
        activation::deactivate(self.conn, now, &actor, id)?;
        Ok(())
    }

    /// Asks for the deletion of an account.
    pub(super) fn close(&mut self, now: Timestamp, id: &UserId) -> anyhow::Result<()> {
        let Some(user) = User::find(self.conn, id)? else { return Ok(()) };
        let (client, mail) = (people::client(&mut self.random), self.mail(Locale::Es));
        let submission = Submission::default();
        DeletionRequest { user, code: None, submission, session: None, client, mail }.schedule(self.conn, now)?;
        Ok(())
    }

    fn open(&mut self, now: Timestamp, kind: AccountKind, email: EmailAddress) -> anyhow::Result<UserId> {
        let new = self.new_user(kind, email);
        Ok(new.insert_verified(self.conn, now)?.context("a made-up address has an account already")?.id)
    }

    fn new_user(&mut self, kind: AccountKind, email: EmailAddress) -> NewUser {
        let profession = Some(people::profession(&mut self.random));
        let (name, way_in) = (self.people.name(&email), WayIn::Password(self.password.clone()));
        NewUser { kind, name, email, profession, way_in, locale: Some(Locale::Es) }
    }

    fn by_link(&mut self, kind: AccountKind, email: &EmailAddress) -> SignUpByLink {
        let NewUser { kind, name, profession, way_in, .. } = self.new_user(kind, email.clone());
        SignUpByLink { kind, name, profession, way_in, locale: Locale::Es, client: people::client(&mut self.random) }
    }

    fn mail(&self, locale: Locale) -> MailContext {
        MailContext { locale, keys: self.keys.clone() }
    }
}
