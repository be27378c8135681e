// @generated automatically by Diesel CLI.

diesel::table! {
    account (id) {
        id -> Text,
        user_id -> Text,
        provider -> Text,
        provideraccountid -> Text,
        access_token -> Nullable<Text>,
        refresh_token -> Nullable<Text>,
        expires_at -> Nullable<Int8>,
        #[sql_name = "refreshTokenExpiresAt"]
        refresh_token_expires_at -> Nullable<Int8>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        password -> Nullable<Text>,
        issuer -> Nullable<Text>,
    }
}

diesel::table! {
    api_key (id) {
        id -> Text,
        name -> Text,
        beginning -> Text,
        hash -> Text,
        access -> Text,
        made_at -> Timestamptz,
        made_by -> Nullable<Text>,
        expires_at -> Nullable<Timestamptz>,
        last_used_on -> Nullable<Date>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    audit_event (id) {
        id -> Text,
        happened_at -> Timestamptz,
        action -> Text,
        actor_id -> Nullable<Text>,
        user_id -> Nullable<Text>,
        ip_address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        details -> Nullable<Jsonb>,
        entry_id -> Nullable<Int8>,
        key_name -> Nullable<Text>,
    }
}

diesel::table! {
    audit_event_entry (entry_id, event_id) {
        event_id -> Text,
        entry_id -> Int8,
    }
}

diesel::table! {
    avatar (id) {
        id -> Text,
        user_id -> Text,
        picture -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    failing_job (job, process) {
        job -> Text,
        process -> Text,
        failing_since -> Timestamptz,
        failed_at -> Timestamptz,
        reason -> Text,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    form_submission (id) {
        id -> Bytea,
        answer -> Text,
        created_at -> Timestamptz,
        subject -> Nullable<Text>,
    }
}

diesel::table! {
    gate_total (day, reason) {
        day -> Date,
        reason -> Text,
        hits -> Int8,
    }
}

diesel::table! {
    kept_upload (id) {
        id -> Text,
        user_id -> Text,
        field -> Text,
        file -> Bytea,
        kept_at -> Timestamptz,
    }
}

diesel::table! {
    migrations (timestamp) {
        timestamp -> Int8,
        name -> Text,
    }
}

diesel::table! {
    outbox_breaker (is_open) {
        is_open -> Bool,
        opened_at -> Timestamptz,
        tries -> Int4,
        next_try_at -> Timestamptz,
        reply -> Text,
    }
}

diesel::table! {
    outbox_letter (id) {
        id -> Text,
        kind -> Text,
        recipient -> Text,
        subject -> Text,
        text_body -> Text,
        html_body -> Text,
        link_id -> Nullable<Text>,
        status -> Text,
        claims -> Int4,
        attempts -> Int4,
        next_attempt_at -> Timestamptz,
        lease_token -> Nullable<Text>,
        not_after -> Nullable<Timestamptz>,
        last_reply -> Nullable<Text>,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        manage_link_id -> Nullable<Text>,
        unsubscribe_link_id -> Nullable<Text>,
        unsubscribe_path -> Nullable<Text>,
        priority -> Int4,
        is_overdue -> Bool,
        outcome_due_at -> Nullable<Timestamptz>,
        text_id -> Nullable<Bytea>,
        deferral_cause -> Nullable<Text>,
    }
}

diesel::table! {
    outbox_pause (is_paused) {
        is_paused -> Bool,
        paused_at -> Timestamptz,
        paused_by -> Nullable<Text>,
    }
}

diesel::table! {
    outbox_text (id) {
        id -> Bytea,
        text_body -> Text,
        html_body -> Text,
        kept_until -> Timestamptz,
    }
}

diesel::table! {
    provider_attempt (state) {
        state -> Bytea,
        used_at -> Timestamptz,
    }
}

diesel::table! {
    rate_limit (key) {
        key -> Text,
        most -> Int4,
        hits -> Array<Nullable<Timestamptz>>,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    recovery_code (user_id, hash) {
        user_id -> Text,
        hash -> Text,
    }
}

diesel::table! {
    second_factor (user_id) {
        user_id -> Text,
        sealed -> Bytea,
        last_step -> Int8,
    }
}

diesel::table! {
    session (id) {
        id -> Text,
        user_id -> Text,
        token -> Text,
        expires_at -> Timestamptz,
        ip_address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        authenticated_at -> Nullable<Timestamptz>,
        last_seen_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    trusted_device (user_id, device) {
        user_id -> Text,
        device -> Text,
        seal -> Text,
        ip_address -> Text,
        user_agent -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    used_link (token) {
        token -> Text,
        purpose -> Text,
        used_at -> Timestamptz,
        identifier -> Nullable<Text>,
    }
}

diesel::table! {
    user (id) {
        id -> Text,
        email -> Text,
        name -> Nullable<Text>,
        #[sql_name = "isEmailVerified"]
        is_email_verified -> Nullable<Bool>,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        #[sql_name = "updatedAt"]
        updated_at -> Timestamptz,
        #[sql_name = "isActive"]
        is_active -> Nullable<Bool>,
        avatar -> Nullable<Text>,
        profession -> Text,
        #[sql_name = "verificationToken"]
        verification_token -> Nullable<Text>,
        #[sql_name = "type"]
        type_ -> Text,
        #[sql_name = "organizationId"]
        organization_id -> Nullable<Text>,
        purge_at -> Nullable<Timestamptz>,
        managed_since -> Nullable<Timestamptz>,
        deactivated_by -> Nullable<Text>,
        locale -> Nullable<Text>,
        second_factor_since -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    verification (id) {
        id -> Text,
        identifier -> Text,
        value -> Text,
        #[sql_name = "expiresAt"]
        expires_at -> Timestamptz,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        #[sql_name = "updatedAt"]
        updated_at -> Timestamptz,
        pending -> Nullable<Jsonb>,
    }
}

diesel::table! {
    viewer_change (id) {
        id -> Int8,
        user_id -> Text,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    waitlist (id) {
        id -> Int8,
        email -> Text,
        role -> Text,
        created_at -> Timestamptz,
        confirmed_at -> Nullable<Timestamptz>,
        locale -> Nullable<Text>,
        consent -> Nullable<Text>,
        asked_at -> Nullable<Timestamptz>,
        invited_at -> Nullable<Timestamptz>,
        signed_up_at -> Nullable<Timestamptz>,
        left_at -> Nullable<Timestamptz>,
        bounced_at -> Nullable<Timestamptz>,
        deleted_at -> Nullable<Timestamptz>,
        signals -> Nullable<Array<Nullable<Text>>>,
        deletion_id -> Nullable<Text>,
        import_id -> Nullable<Text>,
        submission -> Nullable<Bytea>,
        restored_at -> Nullable<Timestamptz>,
        generation -> Int8,
        source -> Nullable<Text>,
    }
}

diesel::table! {
    waitlist_change (id) {
        id -> Int8,
        day -> Date,
        role -> Text,
        state -> Text,
        entries -> Int8,
    }
}

diesel::table! {
    waitlist_deletion (id) {
        id -> Text,
        made_at -> Timestamptz,
        made_by -> Nullable<Text>,
        filter -> Text,
        entries -> Int8,
        undone_at -> Nullable<Timestamptz>,
        restored -> Nullable<Int8>,
    }
}

diesel::table! {
    waitlist_erased (key) {
        key -> Text,
        erased_at -> Timestamptz,
    }
}

diesel::table! {
    waitlist_import (id) {
        id -> Text,
        state -> Text,
        made_at -> Timestamptz,
        made_by -> Nullable<Text>,
        locale -> Text,
        are_confirmed -> Bool,
        lines -> Int4,
        done -> Int4,
        reached -> Int8,
        fresh -> Int4,
        duplicate -> Int4,
        invalid -> Int4,
        opted_out -> Int4,
        added -> Int4,
        removed -> Int4,
        ended_at -> Nullable<Timestamptz>,
        repeated -> Int4,
        heading -> Nullable<Text>,
        role -> Nullable<Text>,
        file -> Nullable<Bytea>,
        alive_at -> Nullable<Timestamptz>,
        retry_at -> Nullable<Timestamptz>,
        failures -> Int4,
    }
}

diesel::table! {
    waitlist_import_line (import_id, line) {
        import_id -> Text,
        line -> Int4,
        typed_email -> Text,
        typed_role -> Text,
        email -> Nullable<Text>,
        role -> Nullable<Text>,
        outcome -> Nullable<Text>,
        whole -> Nullable<Text>,
    }
}

diesel::table! {
    waitlist_invitation (id) {
        id -> Int8,
        wave_id -> Int8,
        entry_id -> Nullable<Int8>,
        role -> Text,
        state -> Text,
        letter_id -> Nullable<Text>,
        sent_at -> Nullable<Timestamptz>,
        bounced_at -> Nullable<Timestamptz>,
        signed_up_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    waitlist_source_change (id) {
        id -> Int8,
        source -> Text,
        joined -> Int8,
        confirmed -> Int8,
    }
}

diesel::table! {
    waitlist_source_total (source) {
        source -> Text,
        joined -> Int8,
        confirmed -> Int8,
    }
}

diesel::table! {
    waitlist_total (day, role, state) {
        day -> Date,
        role -> Text,
        state -> Text,
        entries -> Int8,
    }
}

diesel::table! {
    waitlist_turn_change (id) {
        id -> Int8,
        role -> Text,
        minute -> Int8,
        entries -> Int8,
    }
}

diesel::table! {
    waitlist_turn_total (role, minute) {
        role -> Text,
        minute -> Int8,
        entries -> Int8,
    }
}

diesel::table! {
    waitlist_wave (id) {
        id -> Int8,
        state -> Text,
        paused_by -> Nullable<Text>,
        made_at -> Timestamptz,
        made_by -> Nullable<Text>,
        next_at -> Timestamptz,
        counted_from -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        sent_before -> Int8,
        bounced_before -> Int8,
        people -> Int8,
    }
}

diesel::table! {
    waitlist_wave_count (wave_id, role) {
        wave_id -> Int8,
        role -> Text,
        waiting -> Int8,
        queued -> Int8,
        sent -> Int8,
        bounced -> Int8,
        skipped -> Int8,
        signed_up -> Int8,
    }
}

diesel::table! {
    webhook (id) {
        id -> Text,
        url -> Text,
        events -> Array<Nullable<Text>>,
        with_address -> Bool,
        state -> Text,
        generation -> Int4,
        secret_hash -> Text,
        former_hash -> Nullable<Text>,
        former_until -> Nullable<Timestamptz>,
        failures -> Int4,
        failing_since -> Nullable<Timestamptz>,
        rests_until -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        off_at -> Nullable<Timestamptz>,
        off_status -> Nullable<Int4>,
        off_problem -> Nullable<Text>,
        former_generation -> Nullable<Int4>,
        forgets_after -> Nullable<Int8>,
        unticked -> Jsonb,
    }
}

diesel::table! {
    webhook_delivery (id) {
        id -> Int8,
        webhook_id -> Text,
        message_id -> Text,
        event -> Text,
        subject -> Text,
        data -> Jsonb,
        happened_at -> Timestamptz,
        state -> Text,
        attempts -> Int4,
        next_attempt_at -> Timestamptz,
        lease_token -> Nullable<Text>,
        attempted_at -> Nullable<Timestamptz>,
        status -> Nullable<Int4>,
        problem -> Nullable<Text>,
        milliseconds -> Nullable<Int4>,
        answer -> Nullable<Text>,
        former_attempts -> Int4,
    }
}

diesel::table! {
    webhook_join_batch (id) {
        id -> Int8,
        webhook_ids -> Array<Nullable<Text>>,
        delivery_ids -> Array<Nullable<Int8>>,
        entry_ids -> Array<Nullable<Int8>>,
        roles -> Array<Nullable<Text>>,
        joined_at -> Array<Nullable<Timestamptz>>,
    }
}

diesel::joinable!(account -> user (user_id));
diesel::joinable!(audit_event_entry -> audit_event (event_id));
diesel::joinable!(avatar -> user (user_id));
diesel::joinable!(kept_upload -> user (user_id));
diesel::joinable!(recovery_code -> user (user_id));
diesel::joinable!(second_factor -> user (user_id));
diesel::joinable!(session -> user (user_id));
diesel::joinable!(trusted_device -> user (user_id));
diesel::joinable!(waitlist_import_line -> waitlist_import (import_id));
diesel::joinable!(waitlist_invitation -> waitlist (entry_id));
diesel::joinable!(waitlist_invitation -> waitlist_wave (wave_id));
diesel::joinable!(waitlist_wave_count -> waitlist_wave (wave_id));

diesel::allow_tables_to_appear_in_same_query!(
    account,
    api_key,
    audit_event,
    audit_event_entry,
    avatar,
    failing_job,
    form_submission,
    gate_total,
    kept_upload,
    migrations,
    outbox_breaker,
    outbox_letter,
    outbox_pause,
    outbox_text,
    provider_attempt,
    rate_limit,
    recovery_code,
    second_factor,
    session,
    trusted_device,
    used_link,
    user,
    verification,
    viewer_change,
    waitlist,
    waitlist_change,
    waitlist_deletion,
    waitlist_erased,
    waitlist_import,
    waitlist_import_line,
    waitlist_invitation,
    waitlist_source_change,
    waitlist_source_total,
    waitlist_total,
    waitlist_turn_change,
    waitlist_turn_total,
    waitlist_wave,
    waitlist_wave_count,
    webhook,
    webhook_delivery,
    webhook_join_batch,
);
