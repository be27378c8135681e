//! Every address of the site.

use actix_web::web::{ServiceConfig, post, resource, route, scope};
use actix_web::{Route, guard, middleware};

use crate::accounts::{
    account, activity, answer_invitation, cancel_delete, change_email, change_password, confirm_email, delete, export,
    forgot_password, log_in, managed_by, members, picture, reauth, reset_password, secure_account, sessions, sign_up,
    sign_up_invited, undo_email, user_page, users, verify_email,
};
use crate::mail::queue_page::letter;
use crate::mail::{mailbox, queue_page};
use crate::waitlist::{
    api, bulk, confirm, download, entry_page, erase, export as waitlist_export, home, import_page, imports, join,
    leave, overview, place, review, unsubscribe, wave_page, waves,
};
use crate::web::{self, assets, audit, health, language, paths, site};

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
        .service(resource(paths::HOME).route(read().to(home::show)))
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
        .service(resource(paths::waitlist::JOIN).route(read().to(join::show)).route(post().to(join::create)))
        .service(resource(paths::waitlist::JOINED).route(read().to(join::joined)))
        .service(resource(paths::waitlist::CONFIRM).route(read().to(confirm::show)).route(post().to(confirm::create)))
        .service(resource(paths::waitlist::PLACE).route(read().to(place::show)).route(post().to(place::update)))
        .service(resource(paths::waitlist::LEAVE).route(post().to(leave::create)))
        .service(resource(paths::waitlist::DOWNLOAD).route(read().to(download::show)))
        .service(resource(paths::waitlist::ERASE).route(post().to(erase::delete)))
        .service(
            resource(paths::waitlist::UNSUBSCRIBE)
                .route(read().to(unsubscribe::show))
                .route(post().to(unsubscribe::create)),
        )
        .service(resource(paths::waitlist::API).route(post().to(api::create)));
}

fn accounts(routes: &mut ServiceConfig) {
    let sign_up = |path| resource(path).route(read().to(sign_up::show)).route(post().to(sign_up::create));
    routes
        .service(resource(paths::accounts::SIGN_UP).route(read().to(sign_up::choose)))
        .service(sign_up(paths::accounts::SIGN_UP_EMPLOYEE))
        .service(sign_up(paths::accounts::SIGN_UP_ORGANIZATION))
        .service(
            resource(paths::accounts::SIGN_UP_INVITED)
                .route(read().to(sign_up_invited::show))
                .route(post().to(sign_up_invited::create)),
        )
        .service(resource(paths::accounts::CHECK_EMAIL).route(read().to(sign_up::check_email)))
        .service(
            resource(paths::accounts::VERIFY_EMAIL)
                .route(read().to(verify_email::show))
                .route(post().to(verify_email::create)),
        )
        .service(resource(paths::accounts::NOT_ME).route(post().to(verify_email::delete)))
        .service(
            resource(paths::accounts::RESEND)
                .route(read().to(verify_email::show_resend))
                .route(post().to(verify_email::resend)),
        )
        .service(resource(paths::accounts::LOG_IN).route(read().to(log_in::show)).route(post().to(log_in::create)))
        .service(resource(paths::accounts::LOG_OUT).route(post().to(log_in::delete)))
        .service(resource(paths::accounts::REAUTH).route(read().to(reauth::show)).route(post().to(reauth::create)))
        .service(resource(paths::accounts::ACCOUNT).route(read().to(account::show)).route(post().to(account::update)))
        .service(resource(paths::accounts::AVATAR).route(read().to(picture::show)))
        .service(resource(paths::accounts::REMOVE_AVATAR).route(post().to(picture::delete)))
        .service(resource(paths::accounts::SESSIONS).route(read().to(sessions::show)))
        .service(resource(paths::accounts::END_OTHERS).route(post().to(sessions::delete_others)))
        .service(resource(paths::accounts::END_SESSION).route(post().to(sessions::delete)))
        .service(resource(paths::accounts::ACTIVITY).route(read().to(activity::show)));
}

/// Getting back into an account, and changing what opens it.
fn recovery(routes: &mut ServiceConfig) {
    routes
        .service(
            resource(paths::accounts::FORGOT)
                .route(read().to(forgot_password::show))
                .route(post().to(forgot_password::create)),
        )
        .service(resource(paths::accounts::FORGOT_SENT).route(read().to(forgot_password::sent)))
        .service(
            resource(paths::accounts::RESET)
                .route(read().to(reset_password::show))
                .route(post().to(reset_password::create)),
        )
        .service(resource(paths::WELL_KNOWN_PASSWORD).route(read().to(change_password::well_known)))
        .service(
            resource(paths::accounts::PASSWORD)
                .route(read().to(change_password::show))
                .route(post().to(change_password::create)),
        )
        .service(
            resource(paths::accounts::SECURE)
                .route(read().to(secure_account::show))
                .route(post().to(secure_account::create)),
        )
        .service(
            resource(paths::accounts::EMAIL)
                .route(read().to(change_email::show))
                .route(post().to(change_email::create)),
        )
        .service(resource(paths::accounts::EMAIL_CANCEL).route(post().to(change_email::delete)))
        .service(
            resource(paths::accounts::EMAIL_CONFIRM)
                .route(read().to(confirm_email::show))
                .route(post().to(confirm_email::create)),
        )
        .service(
            resource(paths::accounts::EMAIL_UNDO)
                .route(read().to(undo_email::show))
                .route(post().to(undo_email::create)),
        );
}

/// Taking what is held along, and leaving.
fn own_data(routes: &mut ServiceConfig) {
    routes
        .service(resource(paths::accounts::EXPORT).route(read().to(export::show)))
        .service(resource(paths::accounts::DELETE).route(read().to(delete::show)).route(post().to(delete::create)))
        .service(
            resource(paths::accounts::CANCEL_DELETE)
                .route(read().to(cancel_delete::show))
                .route(post().to(cancel_delete::create)),
        );
}

/// Organizations, who they invite, and whose accounts they manage.
fn organizations(routes: &mut ServiceConfig) {
    routes
        .service(
            resource(paths::organization::MEMBERS).route(read().to(members::show)).route(post().to(members::create)),
        )
        .service(resource(paths::organization::DEACTIVATE).route(post().to(members::deactivate)))
        .service(resource(paths::organization::REACTIVATE).route(post().to(members::reactivate)))
        .service(resource(paths::organization::RELEASE).route(post().to(members::release)))
        .service(resource(paths::organization::REVOKE).route(post().to(members::revoke)))
        .service(
            resource(paths::organization::INVITATION)
                .route(read().to(answer_invitation::show))
                .route(post().to(answer_invitation::create)),
        )
        .service(resource(paths::accounts::MANAGED_BY).route(read().to(managed_by::show)))
        .service(resource(paths::accounts::LEAVE).route(post().to(managed_by::delete)));
}

/// Everything below `/admin`, behind one guard: a route that forgets to ask who is looking refuses strangers too.
fn admin(routes: &mut ServiceConfig) {
    routes.service(
        scope(paths::admin::OVERVIEW)
            .wrap(middleware::from_fn(reauth::admins_only))
            .configure(invitations)
            .service(resource(below_admin(paths::admin::WAITLIST)).route(read().to(review::show)))
            .configure(imports)
            .service(resource(below_admin(paths::admin::WAITLIST_CSV)).route(read().to(waitlist_export::show)))
            .service(
                resource(below_admin(paths::admin::BULK)).route(read().to(bulk::show)).route(post().to(bulk::create)),
            )
            .service(resource(below_admin(paths::admin::ENTRY)).route(read().to(entry_page::show)))
            .service(resource(below_admin(paths::admin::DELETION)).route(read().to(bulk::deleted)))
            .service(resource(below_admin(paths::admin::DELETION_UNDO)).route(post().to(bulk::undo)))
            .service(resource(below_admin(paths::admin::USERS)).route(read().to(users::show)))
            .service(resource(below_admin(paths::admin::USER)).route(read().to(user_page::show)))
            .service(resource(below_admin(paths::admin::USER_DEACTIVATE)).route(post().to(user_page::deactivate)))
            .service(resource(below_admin(paths::admin::USER_REACTIVATE)).route(post().to(user_page::reactivate)))
            .service(resource(below_admin(paths::admin::USER_END_SESSIONS)).route(post().to(user_page::end_sessions)))
            .service(resource(below_admin(paths::admin::USER_RESEND)).route(post().to(user_page::resend)))
            .service(resource(below_admin(paths::admin::USER_RESET)).route(post().to(user_page::reset)))
            .configure(mail)
            .service(resource(below_admin(paths::admin::AUDIT)).route(read().to(audit::show)))
            .service(resource("").route(read().to(overview::show))),
    );
}

/// Waves of invitations. The rehearsal comes first: its path reads as that of a wave.
fn invitations(routes: &mut ServiceConfig) {
    let page = |path| resource(below_admin(path));
    routes
        .service(page(paths::admin::REHEARSAL).route(read().to(waves::rehearse)))
        .service(page(paths::admin::WAVES).route(read().to(waves::show)).route(post().to(waves::create)))
        .service(page(paths::admin::WAVE).route(read().to(wave_page::show)))
        .service(page(paths::admin::WAVE_PAUSE).route(post().to(wave_page::pause)))
        .service(page(paths::admin::WAVE_RESUME).route(post().to(wave_page::resume)))
        .service(page(paths::admin::WAVE_CANCEL).route(read().to(wave_page::ask)).route(post().to(wave_page::cancel)));
}

/// Lists of places from elsewhere, below `/admin`.
fn imports(routes: &mut ServiceConfig) {
    routes
        .service(
            resource(below_admin(paths::admin::IMPORTS))
                .route(read().to(imports::show))
                .route(post().to(imports::create)),
        )
        .service(resource(below_admin(paths::admin::IMPORT)).route(read().to(import_page::show)))
        .service(resource(below_admin(paths::admin::IMPORT_REJECTS)).route(read().to(import_page::rejects)))
        .service(resource(below_admin(paths::admin::IMPORT_START)).route(post().to(import_page::start)))
        .service(resource(below_admin(paths::admin::IMPORT_CANCEL)).route(post().to(import_page::cancel)))
        .service(resource(below_admin(paths::admin::IMPORT_UNDO)).route(post().to(import_page::undo)));
}

/// The outbox, for admins.
fn mail(routes: &mut ServiceConfig) {
    routes
        .service(resource(below_admin(paths::admin::MAIL)).route(read().to(queue_page::show)))
        .service(resource(below_admin(paths::admin::MAIL_PAUSE)).route(post().to(queue_page::pause)))
        .service(resource(below_admin(paths::admin::MAIL_RESUME)).route(post().to(queue_page::resume)))
        .service(resource(below_admin(paths::admin::MAIL_LETTER)).route(read().to(letter::show)))
        .service(resource(below_admin(paths::admin::MAIL_RETRY)).route(post().to(letter::retry)))
        .service(resource(below_admin(paths::admin::MAIL_CANCEL)).route(post().to(letter::cancel)));
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
