//! Every address of the site.

use actix_web::web::{ServiceConfig, post, resource, route, scope};
use actix_web::{Route, guard, middleware};

use crate::accounts::{directory, email_change, organization, own_data, profile, recovery, session, sign_up};
use crate::audit;
use crate::mail::{mailbox, queue_page};
use crate::waitlist::{importing, joining, overview, place, review, waves};
use crate::web::page::language;
use crate::web::{self, assets, health, paths, site};

/// Registers them all.
pub fn register(routes: &mut ServiceConfig) {
    public(routes);
    waitlist(routes);
    accounts(routes);
    recovery(routes);
    own_data(routes);
    organizations(routes);
    admin(routes);
    routes.default_service(route().to(not_found));
}

fn public(routes: &mut ServiceConfig) {
    routes
        .service(resource(paths::HOME).route(read().to(joining::home::show)))
        .service(resource(paths::LANGUAGE).route(post().to(language::update)))
        .service(resource(paths::PRIVACY).route(read().to(site::privacy)))
        .service(resource(paths::ROBOTS).route(read().to(site::robots)))
        .service(resource(paths::SITEMAP).route(read().to(site::sitemap)))
        .service(resource(paths::FAVICON).route(read().to(assets::favicon)))
        .service(resource(paths::STATIC).route(read().to(assets::show)))
        .service(resource(paths::HEALTHZ).route(read().to(health::alive)))
        .service(resource(paths::READYZ).route(read().to(health::ready)))
        .service(resource(paths::mail::MAILBOX).route(read().to(mailbox::list)))
        .service(resource(paths::mail::MAILBOX_LETTER).route(read().to(mailbox::show)));
}

fn waitlist(routes: &mut ServiceConfig) {
    routes
        .service(
            resource(paths::waitlist::JOIN)
                .route(read().to(joining::join::show))
                .route(post().to(joining::join::create)),
        )
        .service(resource(paths::waitlist::JOINED).route(read().to(joining::join::joined)))
        .service(
            resource(paths::waitlist::CONFIRM)
                .route(read().to(joining::confirm::show))
                .route(post().to(joining::confirm::create)),
        )
        .service(
            resource(paths::waitlist::PLACE)
                .route(read().to(place::place::show))
                .route(post().to(place::place::update)),
        )
        .service(resource(paths::waitlist::LEAVE).route(post().to(place::leave::create)))
        .service(resource(paths::waitlist::DOWNLOAD).route(read().to(place::download::show)))
        .service(resource(paths::waitlist::ERASE).route(post().to(place::erase::delete)))
        .service(
            resource(paths::waitlist::UNSUBSCRIBE)
                .route(read().to(place::unsubscribe::show))
                .route(post().to(place::unsubscribe::create)),
        )
        .service(resource(paths::waitlist::API).route(post().to(joining::api::create)));
}

#[expect(clippy::too_many_lines, reason = "a table of routes")]
fn accounts(routes: &mut ServiceConfig) {
    let sign_up =
        |path| resource(path).route(read().to(sign_up::sign_up::show)).route(post().to(sign_up::sign_up::create));
    routes
        .service(resource(paths::accounts::SIGN_UP).route(read().to(sign_up::sign_up::choose)))
        .service(sign_up(paths::accounts::SIGN_UP_EMPLOYEE))
        .service(sign_up(paths::accounts::SIGN_UP_ORGANIZATION))
        .service(
            resource(paths::accounts::SIGN_UP_INVITED)
                .route(read().to(sign_up::by_invitation::show))
                .route(post().to(sign_up::by_invitation::create)),
        )
        .service(resource(paths::accounts::CHECK_EMAIL).route(read().to(sign_up::sign_up::check_email)))
        .service(
            resource(paths::accounts::VERIFY_EMAIL)
                .route(read().to(sign_up::verify_email::show))
                .route(post().to(sign_up::verify_email::create)),
        )
        .service(resource(paths::accounts::NOT_ME).route(post().to(sign_up::verify_email::delete)))
        .service(
            resource(paths::accounts::RESEND)
                .route(read().to(sign_up::verify_email::show_resend))
                .route(post().to(sign_up::verify_email::resend)),
        )
        .service(
            resource(paths::accounts::LOG_IN)
                .route(read().to(session::log_in::show))
                .route(post().to(session::log_in::create)),
        )
        .service(resource(paths::accounts::LOG_OUT).route(post().to(session::log_in::delete)))
        .service(
            resource(paths::accounts::REAUTH)
                .route(read().to(session::reauth::show))
                .route(post().to(session::reauth::create)),
        )
        .service(
            resource(paths::accounts::ACCOUNT)
                .route(read().to(profile::account::show))
                .route(post().to(profile::account::update)),
        )
        .service(resource(paths::accounts::AVATAR).route(read().to(profile::picture::show)))
        .service(resource(paths::accounts::REMOVE_AVATAR).route(post().to(profile::picture::delete)))
        .service(resource(paths::accounts::SESSIONS).route(read().to(session::session_list::show)))
        .service(resource(paths::accounts::END_OTHERS).route(post().to(session::session_list::delete_others)))
        .service(resource(paths::accounts::END_SESSION).route(post().to(session::session_list::delete)))
        .service(resource(paths::accounts::ACTIVITY).route(read().to(profile::activity::show)));
}

/// Getting back into an account, and changing what opens it.
fn recovery(routes: &mut ServiceConfig) {
    routes
        .service(
            resource(paths::accounts::FORGOT)
                .route(read().to(recovery::forgot_password::show))
                .route(post().to(recovery::forgot_password::create)),
        )
        .service(resource(paths::accounts::FORGOT_SENT).route(read().to(recovery::forgot_password::sent)))
        .service(
            resource(paths::accounts::RESET)
                .route(read().to(recovery::reset_password::show))
                .route(post().to(recovery::reset_password::create)),
        )
        .service(resource(paths::WELL_KNOWN_PASSWORD).route(read().to(recovery::change_password::well_known)))
        .service(
            resource(paths::accounts::PASSWORD)
                .route(read().to(recovery::change_password::show))
                .route(post().to(recovery::change_password::create)),
        )
        .service(
            resource(paths::accounts::SECURE)
                .route(read().to(recovery::secure_account::show))
                .route(post().to(recovery::secure_account::create)),
        )
        .service(
            resource(paths::accounts::EMAIL)
                .route(read().to(email_change::ask::show))
                .route(post().to(email_change::ask::create)),
        )
        .service(resource(paths::accounts::EMAIL_CANCEL).route(post().to(email_change::ask::delete)))
        .service(
            resource(paths::accounts::EMAIL_CONFIRM)
                .route(read().to(email_change::confirm::show))
                .route(post().to(email_change::confirm::create)),
        )
        .service(
            resource(paths::accounts::EMAIL_UNDO)
                .route(read().to(email_change::undo::show))
                .route(post().to(email_change::undo::create)),
        );
}

/// Taking what is held along, and leaving.
fn own_data(routes: &mut ServiceConfig) {
    routes
        .service(resource(paths::accounts::EXPORT).route(read().to(own_data::export::show)))
        .service(
            resource(paths::accounts::DELETE)
                .route(read().to(own_data::delete::show))
                .route(post().to(own_data::delete::create)),
        )
        .service(
            resource(paths::accounts::CANCEL_DELETE)
                .route(read().to(own_data::cancel::show))
                .route(post().to(own_data::cancel::create)),
        );
}

/// Organizations, who they invite, and whose accounts they manage.
fn organizations(routes: &mut ServiceConfig) {
    routes
        .service(
            resource(paths::organization::MEMBERS)
                .route(read().to(organization::manage_members::show))
                .route(post().to(organization::manage_members::create)),
        )
        .service(resource(paths::organization::DEACTIVATE).route(post().to(organization::manage_members::deactivate)))
        .service(resource(paths::organization::REACTIVATE).route(post().to(organization::manage_members::reactivate)))
        .service(resource(paths::organization::RELEASE).route(post().to(organization::manage_members::release)))
        .service(resource(paths::organization::REVOKE).route(post().to(organization::manage_members::revoke)))
        .service(
            resource(paths::organization::INVITATION)
                .route(read().to(organization::answer::show))
                .route(post().to(organization::answer::create)),
        )
        .service(resource(paths::accounts::MANAGED_BY).route(read().to(organization::leave::show)))
        .service(resource(paths::accounts::LEAVE).route(post().to(organization::leave::delete)));
}

/// Everything below `/admin`, behind one guard: a route that forgets to ask who is looking refuses strangers too.
fn admin(routes: &mut ServiceConfig) {
    routes.service(
        scope(paths::admin::OVERVIEW)
            .wrap(middleware::from_fn(session::reauth::admins_only))
            .configure(invitations)
            .service(resource(below_admin(paths::admin::WAITLIST)).route(read().to(review::list::show)))
            .configure(imports)
            .service(resource(below_admin(paths::admin::WAITLIST_CSV)).route(read().to(review::export::show)))
            .service(
                resource(below_admin(paths::admin::BULK))
                    .route(read().to(review::bulk::show))
                    .route(post().to(review::bulk::create)),
            )
            .service(resource(below_admin(paths::admin::ENTRY)).route(read().to(review::entry_page::show)))
            .service(resource(below_admin(paths::admin::DELETION)).route(read().to(review::bulk::deleted)))
            .service(resource(below_admin(paths::admin::DELETION_UNDO)).route(post().to(review::bulk::undo)))
            .service(resource(below_admin(paths::admin::USERS)).route(read().to(directory::user_list::show)))
            .service(resource(below_admin(paths::admin::USER)).route(read().to(directory::user_page::show)))
            .service(
                resource(below_admin(paths::admin::USER_DEACTIVATE)).route(post().to(directory::user_page::deactivate)),
            )
            .service(
                resource(below_admin(paths::admin::USER_REACTIVATE)).route(post().to(directory::user_page::reactivate)),
            )
            .service(
                resource(below_admin(paths::admin::USER_END_SESSIONS))
                    .route(post().to(directory::user_page::end_sessions)),
            )
            .service(resource(below_admin(paths::admin::USER_RESEND)).route(post().to(directory::user_page::resend)))
            .service(resource(below_admin(paths::admin::USER_RESET)).route(post().to(directory::user_page::reset)))
            .configure(mail)
            .service(resource(below_admin(paths::admin::AUDIT)).route(read().to(audit::page::show)))
            .service(resource("").route(read().to(overview::overview::show))),
    );
}

/// Waves of invitations. The rehearsal comes first: its path reads as that of a wave.
fn invitations(routes: &mut ServiceConfig) {
    let page = |path| resource(below_admin(path));
    routes
        .service(page(paths::admin::REHEARSAL).route(read().to(waves::wave_list::rehearse)))
        .service(
            page(paths::admin::WAVES)
                .route(read().to(waves::wave_list::show))
                .route(post().to(waves::wave_list::create)),
        )
        .service(page(paths::admin::WAVE).route(read().to(waves::wave_page::show)))
        .service(page(paths::admin::WAVE_PAUSE).route(post().to(waves::wave_page::pause)))
        .service(page(paths::admin::WAVE_RESUME).route(post().to(waves::wave_page::resume)))
        .service(
            page(paths::admin::WAVE_CANCEL)
                .route(read().to(waves::wave_page::ask))
                .route(post().to(waves::wave_page::cancel)),
        );
}

/// Lists of places from elsewhere, below `/admin`.
fn imports(routes: &mut ServiceConfig) {
    routes
        .service(
            resource(below_admin(paths::admin::IMPORTS))
                .route(read().to(importing::import_list::show))
                .route(post().to(importing::import_list::create)),
        )
        .service(resource(below_admin(paths::admin::IMPORT)).route(read().to(importing::import_page::show)))
        .service(resource(below_admin(paths::admin::IMPORT_REJECTS)).route(read().to(importing::import_page::rejects)))
        .service(resource(below_admin(paths::admin::IMPORT_START)).route(post().to(importing::import_page::start)))
        .service(resource(below_admin(paths::admin::IMPORT_CANCEL)).route(post().to(importing::import_page::cancel)))
        .service(resource(below_admin(paths::admin::IMPORT_UNDO)).route(post().to(importing::import_page::undo)));
}

/// The outbox, for admins.
fn mail(routes: &mut ServiceConfig) {
    routes
        .service(resource(below_admin(paths::admin::MAIL)).route(read().to(queue_page::show)))
        .service(resource(below_admin(paths::admin::MAIL_PAUSE)).route(post().to(queue_page::pause)))
        .service(resource(below_admin(paths::admin::MAIL_RESUME)).route(post().to(queue_page::resume)))
        .service(resource(below_admin(paths::admin::MAIL_LETTER)).route(read().to(queue_page::letter::show)))
        .service(resource(below_admin(paths::admin::MAIL_RETRY)).route(post().to(queue_page::letter::retry)))
        .service(resource(below_admin(paths::admin::MAIL_CANCEL)).route(post().to(queue_page::letter::cancel)));
}

/// The part of an admin page's path that its scope does not have.
fn below_admin(path: &'static str) -> &'static str {
    path.strip_prefix(paths::admin::OVERVIEW).unwrap_or(path)
}

/// GET, and HEAD like GET.
fn read() -> Route {
    route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

async fn not_found() -> web::Result {
    Err(web::Error::NOT_FOUND)
}
