//! What can happen to accounts, places on the waitlist and mails, under the names that its rows hold.

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $column:literal,)*) => {
        /// What somebody did.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }

        impl Action {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The action as its column holds it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $column,)*
                }
            }

            /// Reads the column; nothing for what a later version wrote.
            #[must_use]
            pub fn parse(column: &str) -> Option<Self> {
                match column {
                    $($column => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

actions! {
    /// Made the account.
    SignedUp = "signed_up",
    /// Proved the address.
    EmailVerified = "email_verified",
    /// Logged in on a device that was known.
    LoggedIn = "logged_in",
    /// Logged in on a device for the first time.
    LoggedInFromNewDevice = "logged_in_from_new_device",
    /// Logged out.
    LoggedOut = "logged_out",
    /// Ended a session of another device.
    SessionEnded = "session_ended",
    /// Ended every session but the own.
    OtherSessionsEnded = "other_sessions_ended",
    /// Ended every session.
    SessionsEnded = "sessions_ended",
    /// Asked for the link that sets a new password.
    ResetRequested = "reset_requested",
    /// Set a new password by that link.
    PasswordReset = "password_reset",
    /// Changed the password.
    PasswordChanged = "password_changed",
    /// Pressed "secure my account".
    AccountSecured = "account_secured",
    /// Asked for another address.
    EmailChangeRequested = "email_change_requested",
    /// Proved the other address, which is the account's now.
    EmailChanged = "email_changed",
    /// Took the former address back.
    EmailChangeUndone = "email_change_undone",
    /// Changed name or profession.
    ProfileChanged = "profile_changed",
    /// Uploaded a picture.
    PictureChanged = "picture_changed",
    /// Went back to the generated picture.
    PictureRemoved = "picture_removed",
    /// Downloaded everything that is held.
    DataExported = "data_exported",
    /// Asked for the account to be deleted.
    DeletionRequested = "deletion_requested",
    /// Kept it after all.
    DeletionCancelled = "deletion_cancelled",
    /// Deactivated the account.
    Deactivated = "deactivated",
    /// Reactivated it.
    Reactivated = "reactivated",
    /// Sent the verification mail again.
    VerificationResent = "verification_resent",
    /// Sent the owner a link that sets a new password.
    ResetTriggered = "reset_triggered",
    /// Invited somebody.
    Invited = "invited",
    /// Took an invitation back.
    InvitationRevoked = "invitation_revoked",
    /// Declined an invitation.
    InvitationDeclined = "invitation_declined",
    /// Accepted an invitation.
    JoinedOrganization = "joined_organization",
    /// Left the organization.
    LeftOrganization = "left_organization",
    /// Was let go by the organization.
    Released = "released",
    /// Became an admin.
    MadeAdmin = "made_admin",
    /// Stopped being one.
    AdminRevoked = "admin_revoked",
    /// Said to be here for something else.
    EntryRoleChanged = "entry_role_changed",
    /// Left the waitlist.
    EntryLeft = "entry_left",
    /// Had everything about the place erased.
    EntryErased = "entry_erased",
    /// Asked places for their confirmation again.
    EntriesAsked = "entries_asked",
    /// Deleted places.
    EntriesDeleted = "entries_deleted",
    /// Brought them back.
    EntriesRestored = "entries_restored",
    /// Downloaded a list of places.
    WaitlistExported = "waitlist_exported",
    /// Uploaded a list of places and had it checked.
    ImportChecked = "import_checked",
    /// Added the places of such a list.
    ImportStarted = "import_started",
    /// Gave such a list up before it was added.
    ImportCancelled = "import_cancelled",
    /// Took its places away again.
    ImportUndone = "import_undone",
    /// Invited a wave of places.
    WaveStarted = "wave_started",
    /// Stopped sending its invitations for a while.
    WavePaused = "wave_paused",
    /// Went on sending them.
    WaveResumed = "wave_resumed",
    /// Gave up those that were not sent.
    WaveCancelled = "wave_cancelled",
    /// Had a mail tried again.
    LetterRetried = "letter_retried",
    /// Gave a mail up.
    LetterCancelled = "letter_cancelled",
    /// Stopped all mail.
    MailPaused = "mail_paused",
    /// Went on sending mail.
    MailResumed = "mail_resumed",
}
