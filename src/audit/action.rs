//! What can happen to accounts, places on the waitlist and mails, and the name of each in the database.

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

impl Action {
    /// Whether it is done by the link of a mail where nobody who is signed in did it, and no program with a key: by the owner of
    /// the place, or by whoever was invited.
    #[must_use]
    pub const fn is_by_link(self) -> bool {
        matches!(self, Self::EntryRoleChanged | Self::EntryLeft | Self::EntryErased | Self::InvitationDeclined)
    }
}

actions! {
    /// Made the account.
    SignedUp = "signed_up",
    /// Verified the address.
    EmailVerified = "email_verified",
    /// Logged in on a known device.
    LoggedIn = "logged_in",
    /// Logged in on a device for the first time.
    LoggedInFromNewDevice = "logged_in_from_new_device",
    /// Logged out.
    LoggedOut = "logged_out",
    /// Ended a session of another device.
    SessionEnded = "session_ended",
    /// Ended every session but this one.
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
    /// Switched a second factor on.
    SecondFactorOn = "second_factor_on",
    /// Switched it off.
    SecondFactorOff = "second_factor_off",
    /// Another app makes the codes of an account.
    SecondFactorMoved = "second_factor_moved",
    /// Removed the second factor of somebody who lost it.
    SecondFactorRemoved = "second_factor_removed",
    /// Used a recovery code in place of a code of the app.
    RecoveryCodeUsed = "recovery_code_used",
    /// Gave several codes of the second factor that do not work.
    WrongCodes = "wrong_codes",
    /// Made new recovery codes.
    RecoveryCodesMade = "recovery_codes_made",
    /// Devices are asked for a code again on which their owner did not want to be asked.
    TrustedDevicesForgotten = "trusted_devices_forgotten",
    /// Let another provider open the account.
    ProviderConnected = "provider_connected",
    /// Let another provider open the account no more.
    ProviderDisconnected = "provider_disconnected",
    /// Asked for another address.
    EmailChangeRequested = "email_change_requested",
    /// Verified the other address, which is the account's now.
    EmailChanged = "email_changed",
    /// Took the former address back.
    EmailChangeUndone = "email_change_undone",
    /// Changed name or profession.
    ProfileChanged = "profile_changed",
    /// Uploaded a picture.
    PictureChanged = "picture_changed",
    /// Removed the picture, so that the generated one is shown.
    PictureRemoved = "picture_removed",
    /// Downloaded everything that is held.
    DataExported = "data_exported",
    /// Asked for the account to be deleted.
    DeletionRequested = "deletion_requested",
    /// Cancelled the deletion of the account.
    DeletionCancelled = "deletion_cancelled",
    /// Deactivated the account.
    Deactivated = "deactivated",
    /// Reactivated the account.
    Reactivated = "reactivated",
    /// Sent the verification mail again.
    VerificationResent = "verification_resent",
    /// Sent the owner a link that sets a new password.
    ResetTriggered = "reset_triggered",
    /// Became an admin.
    MadeAdmin = "made_admin",
    /// Stopped being an admin.
    AdminRevoked = "admin_revoked",
    /// Invited somebody.
    Invited = "invited",
    /// Revoked an invitation.
    InvitationRevoked = "invitation_revoked",
    /// Declined an invitation.
    InvitationDeclined = "invitation_declined",
    /// Accepted an invitation.
    JoinedOrganization = "joined_organization",
    /// Left the organization.
    LeftOrganization = "left_organization",
    /// Was released by the organization.
    Released = "released",
    /// Changed the role of the place.
    EntryRoleChanged = "entry_role_changed",
    /// Left the waitlist.
    EntryLeft = "entry_left",
    /// Had everything about the place erased.
    EntryErased = "entry_erased",
    /// Asked the people of places to confirm again.
    EntriesAsked = "entries_asked",
    /// Deleted places.
    EntriesDeleted = "entries_deleted",
    /// Restored deleted places.
    EntriesRestored = "entries_restored",
    /// Cleared the bounce of a place, so that mail goes there again.
    EntryBounceCleared = "entry_bounce_cleared",
    /// Reviewed a place that something suggested a bot of.
    EntryReviewed = "entry_reviewed",
    /// Invited the owner of a place to sign up.
    EntryInvited = "entry_invited",
    /// Downloaded a list of places.
    WaitlistExported = "waitlist_exported",
    /// Uploaded a list of places and had it checked.
    ImportChecked = "import_checked",
    /// Started an import: its places are added.
    ImportStarted = "import_started",
    /// Cancelled an import before its places were added.
    ImportCancelled = "import_cancelled",
    /// Undid an import: its places were removed again.
    ImportUndone = "import_undone",
    /// Invited a wave of places.
    WaveStarted = "wave_started",
    /// Paused the sending of a wave's invitations.
    WavePaused = "wave_paused",
    /// Resumed the sending of a wave's invitations.
    WaveResumed = "wave_resumed",
    /// Cancelled the invitations of a wave that were not sent yet.
    WaveCancelled = "wave_cancelled",
    /// Let a mail be tried again.
    LetterRetried = "letter_retried",
    /// Cancelled a mail.
    LetterCancelled = "letter_cancelled",
    /// Paused all mail.
    MailPaused = "mail_paused",
    /// Resumed the sending of mail.
    MailResumed = "mail_resumed",
    /// Made a key of the API.
    ApiKeyMade = "api_key_made",
    /// Revoked a key of the API.
    ApiKeyRevoked = "api_key_revoked",
    /// Added an endpoint of webhooks.
    WebhookAdded = "webhook_added",
    /// Changed what an endpoint is told.
    WebhookChanged = "webhook_changed",
    /// Sent a probe to an endpoint.
    WebhookProbed = "webhook_probed",
    /// Switched an endpoint on.
    WebhookSwitchedOn = "webhook_switched_on",
    /// Paused an endpoint.
    WebhookPaused = "webhook_paused",
    /// Switched off an endpoint that failed.
    WebhookSwitchedOff = "webhook_switched_off",
    /// Replaced the secret of an endpoint.
    WebhookSecretReplaced = "webhook_secret_replaced",
    /// Had deliveries to an endpoint sent again.
    WebhookReplayed = "webhook_replayed",
    /// Deleted an endpoint.
    WebhookDeleted = "webhook_deleted",
}
