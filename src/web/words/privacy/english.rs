//! The privacy page in English.

use super::Text::{Fixed, Timed};
use super::{COUNT, Cookies, Privacy, Section, period};
use crate::values::locale::Locale::En;
use crate::web::retention::{
    ADMIN_SESSION, BRIEF_COOKIE, DELETED_ACCOUNT, DELETED_PLACE, DELIVERY, DEVICE_COOKIE, ENDED_LINK, EVENT,
    IDENTIFIED_COOKIE, IDLE_SESSION, IMPORT_LINES, LANGUAGE_COOKIE, MAIL, SESSION, TRUSTED_DEVICE, UNCONFIRMED_PLACE,
    UNVERIFIED_ACCOUNT, WAITING_FILE,
};

/// The English words.
pub(in crate::web::words) const ENGLISH: Privacy = Privacy {
    title: "Privacy",
    lead: "Biovity holds little about you. This page lists all of it.",
    sections: &[
        Section {
            heading: "What we hold",
            points: &[
                (
                    "If you joined the waitlist:",
                    Fixed(
                        "your email address, whether you are looking for work or hiring, your language, which text you agreed to, the date of each step (joined, confirmed, invited and so on), the source named in the link that brought you here, such as a newsletter, and signs that a program filled in the form for you.",
                    ),
                ),
                (
                    "If you have an account:",
                    Fixed(
                        "your name, email address and profession, the language you chose, your picture if you gave one, and the organization that manages your account if there is one. Your password is kept only as a hash: nobody can read it, not even us. If you switched on two-step verification, its secret is kept encrypted and its recovery codes only as hashes. If you log in with another provider, such as Google, we keep its name and the identifier by which it knows you, and nothing that lets us act there.",
                    ),
                ),
                ("For each log-in:", Fixed("the time, the IP address and the name of the browser.")),
                (
                    "For each step that matters to the security of your account, such as a new password or email:",
                    Fixed("what it was, when, and the IP address and browser it came from."),
                ),
                (
                    "For each email we send you:",
                    Fixed("its kind and subject, when it was sent and what your mail server answered."),
                ),
            ],
            text: Fixed("We do not ask for your RUT, your birthday, your phone number or your salary."),
        },
        Section {
            heading: "Why",
            points: &[],
            text: Fixed(
                "To keep your place, let you in, protect your account and be able to account for what we do. The waitlist rests on your consent, which you give by joining and confirm by the link we send. An account rests on your wish to have one. We use the data for nothing else.",
            ),
        },
        Section {
            heading: "How long",
            points: &[
                (
                    "A place on the waitlist:",
                    Timed(|| {
                        format!(
                            "until you erase it with the private link in our emails, or delete an account with the same email. {} if we ask you to confirm it and you never do; {} after we remove it. If you leave, we keep your email until you erase it, so that nobody else can add it again.",
                            period(En, UNCONFIRMED_PLACE),
                            period(En, DELETED_PLACE)
                        )
                    }),
                ),
                (
                    "An account:",
                    Timed(|| {
                        format!(
                            "until you delete it, and for another {}, during which it is closed and you can change your mind.",
                            period(En, DELETED_ACCOUNT)
                        )
                    }),
                ),
                (
                    "An account created here whose email is never verified:",
                    Timed(|| format!("{} after our last email about it.", period(En, UNVERIFIED_ACCOUNT))),
                ),
                (
                    "A session:",
                    Timed(|| {
                        format!(
                            "{} from your last visit, never more than {}, an admin’s never more than {}. The fact that you logged in, when and from where, is one of the steps below.",
                            period(En, IDLE_SESSION),
                            period(En, SESSION),
                            period(En, ADMIN_SESSION)
                        )
                    }),
                ),
                (
                    "A link we sent you:",
                    Timed(|| format!("until you use it, or {} after it expires.", period(En, ENDED_LINK))),
                ),
                ("The steps that matter to the security of your account:", Timed(|| format!("{}.", period(En, EVENT)))),
                (
                    "What became of an email:",
                    Timed(|| format!("{}, or until your account or your place is erased.", period(En, MAIL))),
                ),
                (
                    "What another program of ours was told about you:",
                    Timed(|| format!("{}, or until your account or your place is erased.", period(En, DELIVERY))),
                ),
                (
                    "An imported list with your email in it:",
                    Timed(|| {
                        format!(
                            "its lines, for {} after it was added or cancelled; the file, while it is being read, or for up to {} while an admin is asked for their password again.",
                            period(En, IMPORT_LINES),
                            period(En, WAITING_FILE)
                        )
                    }),
                ),
                (
                    "How often something was requested from your network or for your email:",
                    Timed(|| {
                        format!(
                            "{} at most, under a keyed fingerprint that nobody can turn back into an address.",
                            period(En, COUNT)
                        )
                    }),
                ),
            ],
            text: Timed(|| {
                format!(
                    "Nothing that names you remains of an erased account. For {} we keep only a record that something was done with it, and when, without your name, email, IP address or browser. For an erased place on the waitlist, a keyed fingerprint of the email stays as well, which nobody can turn back into the email; it keeps any list from bringing it in again.",
                    period(En, EVENT)
                )
            }),
        },
        Section {
            heading: "Who sees it",
            points: &[],
            text: Fixed(
                "The people who run Biovity, the servers that store it and carry our email, and programs that they connected to it. An organization that manages your account also sees your name, email, profession and picture. We sell nothing, and no advertiser or analytics company gets anything: these pages load nothing from other sites and our emails hold no tracking.",
            ),
        },
        Section {
            heading: "Your rights",
            points: &[],
            text: Fixed(
                "Chilean law (Ley 19.628 and, from 1 December 2026, Ley 21.719) gives you the right to see your data, correct it, erase it, take it with you, object to its use and have it blocked. Once you are logged in, you can download your data and delete your account yourself, on your account page. The private link in our emails about the waitlist shows your place, corrects it, downloads it, and erases it. For everything else, reply to any of our emails and say what you would like; you don’t have to give a reason. If you think we treat your data wrongly, you can also complain to the Agencia de Protección de Datos Personales once it is in operation.",
            ),
        },
    ],
    contact: "You can also write to",
    cookies: Cookies {
        heading: "Cookies",
        lead: "If you only read, there is no cookie at all. Otherwise there are at most these:",
        session: Timed(|| {
            format!(
                "keeps you logged in, carries messages to the next page, encrypted, and recognizes the account that you created in this browser; {} from your last visit.",
                period(En, IDLE_SESSION)
            )
        }),
        device: Timed(|| {
            format!(
                "recognizes a device on which you logged in, so that nobody else’s attempts keep you out and we can tell you of a new device; it does not say whose it is; {} from your last log-in. If you wish, we don’t ask for a code on it for {}, and keep its browser and IP address for the same time, so that you can recognize it and have us ask again.",
                period(En, DEVICE_COOKIE),
                period(En, TRUSTED_DEVICE)
            )
        }),
        language: Timed(|| format!("remembers your language if you choose it here; {}.", period(En, LANGUAGE_COOKIE))),
        given: Timed(|| {
            format!(
                "carries to the next page, encrypted, what you entered in a form (never the password) or the email of the account whose link you used, so that the page can show it; {}.",
                period(En, BRIEF_COOKIE)
            )
        }),
        attempts: Timed(|| {
            format!("recognizes a log-in with another provider while it is under way; {}.", period(En, BRIEF_COOKIE))
        }),
        identified: Timed(|| {
            format!(
                "carries what that provider said about you until you finish creating your account, encrypted; {}.",
                period(En, IDENTIFIED_COOKIE)
            )
        }),
        waiting: Timed(|| {
            format!(
                "carries the same until you have logged in to the account that has your email, encrypted; {}.",
                period(En, BRIEF_COOKIE)
            )
        }),
    },
};
