//! Every address of the site.

use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, route, scope};

use super::resource::{act, form, page, record};
use crate::accounts::organization::manage_members;
use crate::accounts::second_factor::{move_app, recovery_codes, set_up, switch_off, trusted_devices};
use crate::accounts::sign_up::resend_verification;
use crate::accounts::{directory, email_change, organization, own_data, profile, provider, recovery};
use crate::accounts::{session, sign_up};
use crate::api_key::{key_list, revoke_key, show_key};
use crate::audit;
use crate::mail::mailbox::{mail_list, mail_page};
use crate::mail::queue::{letter_list, letter_page};
use crate::search::search;
use crate::waitlist::{api, importing, joining, overview, place, review, waves};
use crate::web::page::language;
use crate::web::{self, assets, health, paths, site};
use crate::webhook::{delete_endpoint, endpoint_acts, endpoint_list, endpoint_page, rotate_secret};

/// Registers them all.
pub fn register(routes: &mut ServiceConfig) {
    visited_most(routes);
    public(routes);
    waitlist(routes);
    accounts(routes);
    recovery(routes);
    second_factor(routes);
    own_data(routes);
    providers(routes);
    organizations(routes);
    admin(routes);
    routes.default_service(route().to(not_found));
}

/// What most requests are for: the router tries one address after the other.
fn visited_most(routes: &mut ServiceConfig) {
    routes
        .service(page(paths::HOME, joining::home::show))
        .service(form(paths::waitlist::JOIN, joining::join::show, joining::join::create))
        .service(form(paths::accounts::LOG_IN, session::log_in::show, session::log_in::create))
        .service(form(paths::accounts::ACCOUNT, profile::account::show, profile::account::update));
}

fn public(routes: &mut ServiceConfig) {
    routes
        .service(act(paths::LANGUAGE, language::update))
        .service(page(paths::PRIVACY, site::privacy))
        .service(page(paths::ROBOTS, site::robots))
        .service(page(paths::SITEMAP, site::sitemap))
        .service(page(paths::FAVICON, assets::favicon))
        .service(page(paths::STATIC, assets::show))
        .service(page(paths::HEALTHZ, health::alive))
        .service(page(paths::READYZ, health::ready))
        .service(page(paths::mail::MAILBOX, mail_list::show))
        .service(page(paths::mail::MAILBOX_LETTER, mail_page::show))
        .service(page(paths::mail::MAILBOX_LETTER_HTML, mail_page::show_html));
}

fn waitlist(routes: &mut ServiceConfig) {
    routes
        .service(page(paths::waitlist::THANK_YOU, joining::thank_you::show))
        .service(form(paths::waitlist::CONFIRM, joining::confirm::show, joining::confirm::create))
        .service(form(paths::waitlist::PLACE, place::place::show, place::place::update))
        .service(act(paths::waitlist::RESEND, place::resend::create))
        .service(act(paths::waitlist::TO_SIGN_UP, place::to_sign_up::create))
        .service(act(paths::waitlist::LEAVE, place::leave::create))
        .service(page(paths::waitlist::DOWNLOAD, place::download::show))
        .service(act(paths::waitlist::ERASE, place::erase::delete))
        .service(form(paths::waitlist::UNSUBSCRIBE, place::unsubscribe::show, place::unsubscribe::create))
        .service(form(paths::waitlist::API, api::list::show, joining::api::create))
        .service(record(
            paths::waitlist::API_ENTRY,
            api::one_entry::show,
            api::one_entry::update,
            api::one_entry::delete,
        ))
        .service(act(paths::waitlist::API_WAVES, api::start_wave::create))
        .service(page(paths::waitlist::API_TOTALS, api::totals::show))
        .service(page(paths::waitlist::API_DESCRIPTION, api::openapi::show))
        .service(page(paths::waitlist::API_ROOT, api::docs::root))
        .service(page(paths::waitlist::API_DOCS, api::docs::show));
}

fn accounts(routes: &mut ServiceConfig) {
    let sign_up = |path| form(path, sign_up::sign_up::show, sign_up::sign_up::create);
    routes
        .service(page(paths::accounts::SIGN_UP, sign_up::choose_kind::show))
        .service(sign_up(paths::accounts::SIGN_UP_EMPLOYEE))
        .service(sign_up(paths::accounts::SIGN_UP_ORGANIZATION))
        .service(form(paths::accounts::SIGN_UP_INVITED, sign_up::by_invitation::show, sign_up::by_invitation::create))
        .service(page(paths::accounts::CHECK_EMAIL, sign_up::check_email::show))
        .service(form(paths::accounts::VERIFY_EMAIL, sign_up::verify_email::show, sign_up::verify_email::create))
        .service(act(paths::accounts::NOT_ME, sign_up::verify_email::delete))
        .service(form(paths::accounts::RESEND, resend_verification::show, resend_verification::create))
        .service(form(paths::accounts::LOG_IN_CODE, session::log_in::code::show, session::log_in::code::create))
        .service(act(paths::accounts::LOG_OUT, session::log_in::delete))
        .service(form(paths::accounts::REAUTH, session::reauth::show, session::reauth::create))
        .service(page(paths::accounts::AVATAR, profile::avatar::show))
        .service(act(paths::accounts::REMOVE_AVATAR, profile::avatar::delete))
        .service(page(paths::accounts::SESSIONS, session::session_list::show))
        .service(act(paths::accounts::END_OTHERS, session::session_list::delete_others))
        .service(act(paths::accounts::END_SESSION, session::session_list::delete))
        .service(page(paths::accounts::ACTIVITY, profile::activity::show));
}

/// Recovering an account, and changing its password or its address.
fn recovery(routes: &mut ServiceConfig) {
    routes
        .service(form(paths::accounts::FORGOT, recovery::forgot_password::show, recovery::forgot_password::create))
        .service(page(paths::accounts::FORGOT_SENT, recovery::forgot_password::sent))
        .service(form(paths::accounts::RESET, recovery::reset_password::show, recovery::reset_password::create))
        .service(page(paths::WELL_KNOWN_PASSWORD, recovery::change_password::well_known))
        .service(form(paths::accounts::PASSWORD, recovery::change_password::show, recovery::change_password::create))
        .service(form(paths::accounts::SECURE, recovery::secure_account::show, recovery::secure_account::create))
        .service(form(paths::accounts::EMAIL, email_change::ask::show, email_change::ask::create))
        .service(act(paths::accounts::EMAIL_CANCEL, email_change::ask::delete))
        .service(form(paths::accounts::EMAIL_CONFIRM, email_change::confirm::show, email_change::confirm::create))
        .service(form(paths::accounts::EMAIL_UNDO, email_change::undo::show, email_change::undo::create));
}

/// The second factor of one's account.
fn second_factor(routes: &mut ServiceConfig) {
    routes
        .service(form(paths::accounts::SECOND_FACTOR, set_up::show, set_up::create))
        .service(form(paths::accounts::SECOND_FACTOR_MOVE, move_app::show, move_app::create))
        .service(form(paths::accounts::RECOVERY_CODES, recovery_codes::show, recovery_codes::create))
        .service(act(paths::accounts::RECOVERY_FILE, recovery_codes::download))
        .service(act(paths::accounts::TRUSTED_DEVICES, trusted_devices::delete))
        .service(form(paths::accounts::SECOND_FACTOR_OFF, switch_off::show, switch_off::create));
}

/// Downloading what is held, and deleting the account.
fn own_data(routes: &mut ServiceConfig) {
    routes
        .service(page(paths::accounts::EXPORT, own_data::export::show))
        .service(form(paths::accounts::DELETE, own_data::delete::show, own_data::delete::create))
        .service(form(paths::accounts::CANCEL_DELETE, own_data::cancel::show, own_data::cancel::create));
}

/// Logging in with other providers.
fn providers(routes: &mut ServiceConfig) {
    routes
        .service(page(paths::accounts::LOG_IN_WITH, provider::log_in_with::show))
        .service(page(paths::accounts::LOG_IN_BACK, provider::callback::show))
        .service(page(paths::accounts::LOG_IN_PROBLEM, provider::problem::show))
        .service(form(paths::accounts::SIGN_UP_FINISH, sign_up::by_provider::show, sign_up::by_provider::create))
        .service(page(paths::accounts::PROVIDERS, provider::connection_list::show))
        .service(act(paths::accounts::PROVIDER_CONNECT, provider::connection_list::create))
        .service(form(paths::accounts::PROVIDER_CONFIRM, provider::confirm::show, provider::confirm::create))
        .service(act(paths::accounts::PROVIDER_DISCONNECT, provider::connection_list::delete));
}

/// Organizations, who they invite, and whose accounts they manage.
fn organizations(routes: &mut ServiceConfig) {
    routes
        .service(form(paths::accounts::MEMBERS, manage_members::show, manage_members::create))
        .service(act(paths::accounts::MEMBER_DEACTIVATE, manage_members::deactivate))
        .service(act(paths::accounts::MEMBER_REACTIVATE, manage_members::reactivate))
        .service(act(paths::accounts::MEMBER_RELEASE, manage_members::release))
        .service(act(paths::accounts::INVITATION_REVOKE, manage_members::revoke))
        .service(form(paths::accounts::INVITATION, organization::answer::show, organization::answer::create))
        .service(page(paths::accounts::MANAGED_BY, organization::leave::show))
        .service(act(paths::accounts::LEAVE, organization::leave::delete));
}

/// Everything below `/admin`, behind one guard: it refuses strangers also where a handler forgets the `Admin` extractor.
fn admin(routes: &mut ServiceConfig) {
    routes.service(
        scope(paths::waitlist::OVERVIEW)
            .wrap(from_fn(session::reauth::admins_only))
            .configure(invitations)
            .service(page(below(paths::waitlist::LIST), review::entry_list::show))
            .configure(imports)
            .service(page(below(paths::waitlist::EXPORT), review::export::show))
            .service(form(below(paths::waitlist::BULK), review::bulk::show, review::bulk::create))
            .configure(entries)
            .service(page(below(paths::waitlist::DELETIONS), review::deletion_list::show))
            .service(page(below(paths::waitlist::DELETION), review::undo_deletion::show))
            .service(act(below(paths::waitlist::DELETION_UNDO), review::undo_deletion::create))
            .service(page(below(paths::accounts::USERS), directory::user_list::show))
            .service(page(below(paths::accounts::USER), directory::user_page::show))
            .service(act(below(paths::accounts::USER_DEACTIVATE), directory::user_page::deactivate))
            .service(act(below(paths::accounts::USER_REACTIVATE), directory::user_page::reactivate))
            .service(act(below(paths::accounts::USER_END_SESSIONS), directory::user_page::end_sessions))
            .service(act(below(paths::accounts::USER_RESEND), directory::user_page::resend))
            .service(act(below(paths::accounts::USER_RESET), directory::user_page::reset))
            .service(act(below(paths::accounts::USER_SECOND_FACTOR), directory::user_page::remove_second_factor))
            .configure(mail)
            .service(form(below(paths::api_key::KEYS), key_list::show, key_list::create))
            .service(page(below(paths::api_key::SHOWN), show_key::show))
            .service(form(below(paths::api_key::REVOKE), revoke_key::show, revoke_key::create))
            .configure(webhooks)
            .service(page(below(paths::audit::LOG), audit::log_page::show))
            .service(page(below(paths::search::SEARCH), search::show))
            .service(page("", overview::overview::show)),
    );
}

/// One entry of the waitlist, and what can be done to it.
fn entries(routes: &mut ServiceConfig) {
    routes
        .service(page(below(paths::waitlist::ENTRY), review::entry_page::show))
        .service(act(below(paths::waitlist::ENTRY_RESTORE), review::entry_page::restore))
        .service(act(below(paths::waitlist::ENTRY_CLEAR_BOUNCE), review::entry_page::clear_bounce))
        .service(act(below(paths::waitlist::ENTRY_REVIEW), review::entry_page::review))
        .service(act(below(paths::waitlist::ENTRY_INVITE), waves::invite_entry::create));
}

/// Waves of invitations. The rehearsal comes first, because the path of a wave would match its path too.
fn invitations(routes: &mut ServiceConfig) {
    routes
        .service(page(below(paths::waitlist::REHEARSAL), waves::rehearsal::show))
        .service(form(below(paths::waitlist::WAVES), waves::wave_list::show, waves::rehearsal::create))
        .service(page(below(paths::waitlist::WAVE), waves::wave_page::show))
        .service(page(below(paths::waitlist::WAVE_PEOPLE), waves::people::people_list::show))
        .service(act(below(paths::waitlist::WAVE_PAUSE), waves::wave_page::pause))
        .service(act(below(paths::waitlist::WAVE_RESUME), waves::wave_page::resume))
        .service(form(below(paths::waitlist::WAVE_CANCEL), waves::wave_page::ask, waves::wave_page::cancel));
}

/// Imports of entries from files.
fn imports(routes: &mut ServiceConfig) {
    routes
        .service(form(below(paths::waitlist::IMPORTS), importing::import_list::show, importing::import_list::create))
        .service(page(below(paths::waitlist::IMPORT), importing::import_page::show))
        .service(page(below(paths::waitlist::IMPORT_REJECTS), importing::rejects::show))
        .service(act(below(paths::waitlist::IMPORT_START), importing::import_page::start))
        .service(act(below(paths::waitlist::IMPORT_RESUME), importing::import_page::resume))
        .service(act(below(paths::waitlist::IMPORT_CANCEL), importing::import_page::cancel))
        .service(act(below(paths::waitlist::IMPORT_UNDO), importing::import_page::undo));
}

/// The queue's pages.
fn mail(routes: &mut ServiceConfig) {
    routes
        .service(page(below(paths::mail::QUEUE), letter_list::show))
        .service(act(below(paths::mail::QUEUE_PAUSE), letter_list::pause))
        .service(act(below(paths::mail::QUEUE_RESUME), letter_list::resume))
        .service(page(below(paths::mail::QUEUED_LETTER), letter_page::show))
        .service(act(below(paths::mail::RETRY), letter_page::retry))
        .service(act(below(paths::mail::CANCEL), letter_page::cancel));
}

/// Endpoints of other programs, and what they were told.
fn webhooks(routes: &mut ServiceConfig) {
    routes
        .service(form(below(paths::webhook::ENDPOINTS), endpoint_list::show, endpoint_list::create))
        .service(form(below(paths::webhook::ENDPOINT), endpoint_page::show, endpoint_page::update))
        .service(act(below(paths::webhook::PROBE), endpoint_acts::probe))
        .service(act(below(paths::webhook::SWITCH_ON), endpoint_acts::switch_on))
        .service(act(below(paths::webhook::PAUSE), endpoint_acts::pause))
        .service(form(below(paths::webhook::ROTATE), rotate_secret::show, rotate_secret::create))
        .service(act(below(paths::webhook::REPLAY), endpoint_acts::replay))
        .service(form(below(paths::webhook::DELETE), delete_endpoint::show, delete_endpoint::delete));
}

/// The part of an admin page's path that its scope does not have.
fn below(path: &'static str) -> &'static str {
    path.strip_prefix(paths::waitlist::OVERVIEW).unwrap_or(path)
}

async fn not_found() -> web::Result {
    Err(web::Error::NOT_FOUND)
}
