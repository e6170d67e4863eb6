//! What callbacks of each provider say, and what is refused.

use proptest::prelude::*;

use super::super::outcome::Part;
use super::*;

/// 2026-01-31T09:30:00Z.
const AT: i64 = 1_769_851_800_000_000_000;

const FINAL: Outcome = Outcome::Rejected { retry: false };
const RETRY: Outcome = Outcome::Rejected { retry: true };

fn told(provider: Provider, body: &str) -> Callback {
    read_unverified(provider, body.as_bytes())
        .unwrap_or_else(|error| panic!("{provider}: {error}\n{body}"))
}

fn refused(provider: Provider, body: &str) -> String {
    read_unverified(provider, body.as_bytes()).expect_err(body).to_string()
}

fn onfido(resource_type: &str, action: &str, status: &str) -> String {
    format!(
        r#"{{"payload":{{"resource_type":"{resource_type}","action":"{action}","object":{{"id":"obj-1","status":"{status}","completed_at_iso8601":"2026-01-31T09:30:00Z","href":"https://example.com/obj-1"}},"resource":{{"id":"obj-1","applicant_id":"app-1","customer_user_id":"customer-7","reasons":["watchlist_hit","document_expired"]}}}}}}"#
    )
}

#[test]
fn onfido_by_run_and_check() {
    let cases = [
        ("workflow_run", "workflow_run.completed", "approved", Outcome::Approved),
        ("workflow_run", "workflow_run.completed", "declined", FINAL),
        ("workflow_run", "workflow_run.completed", "review", Outcome::Review),
        ("workflow_run", "workflow_run.completed", "abandoned", Outcome::Expired),
        ("workflow_run", "workflow_run.completed", "cancelled", Outcome::Cancelled),
        ("workflow_run", "workflow_run.completed", "processing", Outcome::Processing),
        ("workflow_run", "workflow_run.completed", "error", Outcome::Other),
        ("workflow_run", "workflow_run.completed", "splendid", Outcome::Other),
        ("check", "check.started", "in_progress", Outcome::Processing),
        ("check", "check.reopened", "reopened", Outcome::Processing),
        ("check", "check.withdrawn", "withdrawn", Outcome::Cancelled),
        // The result of a check is not in its callback.
        ("check", "check.completed", "complete", Outcome::Other),
        ("check", "check.completed", "approved", Outcome::Other),
        ("report", "report.completed", "complete", Outcome::Other),
        ("workflow_task", "workflow_task.completed", "approved", Outcome::Other),
        ("report", "workflow_run.completed", "approved", Outcome::Other),
    ];
    for (resource_type, action, status, wanted) in cases {
        let body = onfido(resource_type, action, status);
        let callback = told(Provider::Onfido, &body);
        assert_eq!(callback.outcome, wanted, "{action} {status}");
        assert_eq!((&*callback.kind, &*callback.about), (action, "obj-1"));
        assert_eq!(callback.subject.as_deref(), Some("customer-7"));
        assert_eq!(callback.occurred_at, Some(AT));
        assert_eq!(callback.reasons, ["watchlist_hit", "document_expired"]);
        // It has no id of its own.
        assert_eq!(callback.event_id, callback.evidence);
    }
    let bare = r#"{"payload":{"resource_type":"check","action":"check.started","object":{"id":"obj-1","href":"h","started_at_iso8601":"2026-01-31T09:30:00Z"}}}"#;
    let callback = told(Provider::Onfido, bare);
    assert_eq!((callback.subject, callback.occurred_at), (None, Some(AT)));
}

fn persona(name: &str, kind: &str, status: &str) -> String {
    format!(
        r#"{{"data":{{"type":"event","id":"evt_1","attributes":{{"name":"{name}","created-at":"2026-01-31T09:30:00.000Z","payload":{{"data":{{"type":"{kind}","id":"inq_1","attributes":{{"status":"{status}","reference-id":"customer-7","name-first":"Never told"}}}},"included":[{{"type":"verification/driver-license","id":"ver_1","attributes":{{"status":"passed"}}}},{{"type":"verification/selfie","id":"ver_2","attributes":{{"status":"failed"}}}},{{"type":"verification/selfie","id":"ver_3","attributes":{{"status":"passed"}}}},{{"type":"template","id":"tmpl_1"}}]}}}}}}}}"#
    )
}

#[test]
fn persona_by_event_and_not_by_status() {
    let cases = [
        ("inquiry.approved", "inquiry", "approved", Outcome::Approved),
        ("inquiry.declined", "inquiry", "declined", FINAL),
        ("inquiry.failed", "inquiry", "failed", FINAL),
        ("inquiry.marked-for-review", "inquiry", "needs_review", Outcome::Review),
        ("inquiry.expired", "inquiry", "expired", Outcome::Expired),
        ("inquiry.created", "inquiry", "created", Outcome::Processing),
        ("inquiry.started", "inquiry", "pending", Outcome::Processing),
        ("inquiry.completed", "inquiry", "completed", Outcome::Processing),
        ("inquiry.redacted", "inquiry", "approved", Outcome::Other),
        ("inquiry.updated-tags", "inquiry", "approved", Outcome::Other),
        ("inquiry.approved", "case", "approved", Outcome::Other),
        ("verification.passed", "verification/selfie", "passed", Outcome::Other),
    ];
    for (name, kind, status, wanted) in cases {
        let callback = told(Provider::Persona, &persona(name, kind, status));
        assert_eq!(callback.outcome, wanted, "{name}");
        assert_eq!((&*callback.event_id, &*callback.about), ("evt_1", "inq_1"));
        assert_eq!(callback.subject.as_deref(), Some("customer-7"));
        assert_eq!(callback.occurred_at, Some(AT));
        let (document, face) = (Some(Part::Passed), Some(Part::Review));
        assert_eq!(callback.parts, Parts { document, face, sanctions: None });
        assert!(!callback.to_event().data.unwrap().to_json().contains("Never told"));
    }
    let error = refused(Provider::Persona, &persona("inquiry.approved", "inquiry", "declined"));
    let wanted = "`data.attributes.payload.data.attributes.status` does not agree with `data.attributes.name` on the outcome: ask the API of persona";
    assert_eq!(error, wanted);
}

fn sumsub(kind: &str, result: &str) -> String {
    format!(
        r#"{{"applicantId":"applicant-1","inspectionId":"inspection-1","correlationId":"req-1","levelName":"basic","externalUserId":"customer-7","type":"{kind}","sandboxMode":false,"reviewStatus":"completed","createdAtMs":"2026-01-31 09:30:00.000"{result}}}"#
    )
}

#[test]
fn sumsub_by_kind_and_answer() {
    let result = |result: &str| format!(r#","reviewResult":{{{result}}}"#);
    let green = result(r#""reviewAnswer":"GREEN""#);
    let labels = r#""moderationComment":"Never told","rejectLabels":["FORGERY","SELFIE_MISMATCH"]"#;
    let red = |kind: &str| result(&format!(r#""reviewAnswer":"RED",{labels}{kind}"#));
    let cases = [
        ("applicantReviewed", &*green, Outcome::Approved),
        ("applicantWorkflowCompleted", &*green, Outcome::Approved),
        ("applicantReviewed", &*red(r#","reviewRejectType":"FINAL""#), FINAL),
        ("applicantReviewed", &*red(r#","reviewRejectType":"RETRY""#), RETRY),
        ("applicantReviewed", &*red(""), FINAL),
        ("applicantReviewed", &*result(r#""reviewAnswer":"YELLOW""#), Outcome::Other),
        ("applicantReviewed", &*result(r#""reviewAnswer":"green""#), Outcome::Other),
        ("applicantWorkflowCompleted", "", Outcome::Other),
        ("applicantOnHold", "", Outcome::Review),
        ("applicantCreated", "", Outcome::Processing),
        ("applicantPending", "", Outcome::Processing),
        ("applicantPrechecked", "", Outcome::Processing),
        ("applicantReset", "", Outcome::Processing),
        ("applicantDeleted", "", Outcome::Cancelled),
        // What is about an action or a transaction decides nothing of the applicant.
        ("applicantActionReviewed", &*green, Outcome::Other),
        ("applicantKytTxnApproved", &*green, Outcome::Other),
        ("applicantTagsChanged", &*green, Outcome::Other),
        ("videoIdentStatusChanged", "", Outcome::Other),
    ];
    for (kind, result, wanted) in cases {
        let callback = told(Provider::Sumsub, &sumsub(kind, result));
        assert_eq!(callback.outcome, wanted, "{kind} {result}");
        assert_eq!((&*callback.kind, &*callback.about), (kind, "applicant-1"));
        assert_eq!(callback.event_id.len(), 64);
        assert_eq!(callback.subject.as_deref(), Some("customer-7"));
        assert_eq!((callback.occurred_at, callback.sandbox), (Some(AT), Some(false)));
        let rejected = matches!(wanted, Outcome::Rejected { .. });
        let reasons: &[&str] = if rejected { &["FORGERY", "SELFIE_MISMATCH"] } else { &[] };
        assert_eq!(callback.reasons, reasons, "{kind}");
        assert!(!callback.to_event().data.unwrap().to_json().contains("Never told"));
    }
}

#[test]
fn sumsub_events_are_one_only_if_all_that_tells_them_apart_is_the_same() {
    let green = sumsub("applicantReviewed", r#","reviewResult":{"reviewAnswer":"GREEN"}"#);
    let id = |body: &str| told(Provider::Sumsub, body).event_id;
    for (what, old, new) in [
        ("another applicant whom the same request reviewed", "applicant-1", "applicant-2"),
        ("the same applicant at another level", "basic", "enhanced"),
        ("another decision", "GREEN", "RED"),
        ("a later one", "09:30:00.000", "09:30:00.001"),
        ("another inspection", "inspection-1", "inspection-2"),
        ("another request", "req-1", "req-2"),
        ("another kind", "applicantReviewed", "applicantWorkflowCompleted"),
        ("an action", r#""levelName""#, r#""applicantActionId":"action-1","levelName""#),
    ] {
        assert_ne!(id(&green), id(&green.replace(old, new)), "{what}");
    }
    for (what, old, new) in [
        ("the same again", "", ""),
        ("written in another way", r#"","levelName""#, r#"", "levelName""#),
        ("with more about the same", r#""sandboxMode":false,"#, r#""clientId":"us","#),
    ] {
        assert_eq!(id(&green), id(&green.replace(old, new)), "{what}");
    }
    // Without an id of the event it is what was sent.
    let none = green.replace(r#""correlationId":"req-1","#, "");
    assert_eq!(id(&none), told(Provider::Sumsub, &none).evidence);
}

fn veriff(status: &str, code: &str) -> String {
    format!(
        r#"{{"status":"success","verification":{{"id":"session-1","code":{code},"status":"{status}","reason":"Physical document not used","reasonCode":102,"vendorData":"customer-7","decisionTime":"2026-01-31T09:30:00.000Z","person":{{"firstName":"Never told"}},"riskLabels":[{{"label":"document_crosslinked","category":"document"}}]}},"technicalData":{{"ip":"192.0.2.1"}}}}"#
    )
}

#[test]
fn veriff_by_status_and_code_together() {
    let cases = [
        ("approved", "9001", Outcome::Approved),
        ("declined", "9102", FINAL),
        ("resubmission_requested", "9103", RETRY),
        ("expired", "9104", Outcome::Expired),
        ("abandoned", "9104", Outcome::Expired),
        ("review", "9121", Outcome::Review),
        ("invented", "9999", Outcome::Other),
    ];
    for (status, code, wanted) in cases {
        let callback = told(Provider::Veriff, &veriff(status, code));
        assert_eq!(callback.outcome, wanted, "{status}");
        assert_eq!((&*callback.kind, &*callback.about), ("decision", "session-1"));
        assert_eq!(callback.subject.as_deref(), Some("customer-7"));
        assert_eq!(callback.occurred_at, Some(AT));
        assert_eq!(callback.reasons, ["Physical document not used", "102", "document_crosslinked"]);
        assert!(!callback.to_event().data.unwrap().to_json().contains("Never told"));
    }
    for (status, code) in [("approved", "9102"), ("declined", "9001"), ("invented", "9001")] {
        let wanted = "`verification.code` does not agree with `verification.status` on the outcome: ask the API of veriff";
        assert_eq!(refused(Provider::Veriff, &veriff(status, code)), wanted);
    }
}

#[test]
fn veriff_has_other_kinds_of_callbacks() {
    let hit = |status: &str| {
        format!(
            r#"{{"checkType":"updated_result","attemptId":"attempt-1","vendorData":"customer-7","matchStatus":"{status}","createdAt":"2026-01-31T09:30:00.000Z","searchTerm":{{"name":"Never told"}},"hits":[]}}"#
        )
    };
    let (possible, none, new) = (hit("possible_match"), hit("no_match"), hit("new"));
    let submitted = r#"{"id":"session-1","attemptId":"attempt-1","feature":"selfid","code":7002,"action":"submitted","vendorData":"customer-7"}"#;
    let custom = r#"{"data":{"verification":{"id":"session-1"}},"attemptId":"attempt-1","eventType":"user-status.created","vendorData":"customer-7"}"#;
    let cases = [
        (&*possible, "watchlist", "attempt-1", Outcome::Review, Some(Part::Review)),
        (&*none, "watchlist", "attempt-1", Outcome::Other, Some(Part::Passed)),
        (&*new, "watchlist", "attempt-1", Outcome::Other, None),
        (submitted, "submitted", "session-1", Outcome::Processing, None),
        (custom, "user-status.created", "attempt-1", Outcome::Other, None),
    ];
    for (body, kind, about, outcome, sanctions) in cases {
        let callback = told(Provider::Veriff, body);
        assert_eq!((&*callback.kind, &*callback.about, callback.outcome), (kind, about, outcome));
        assert_eq!(callback.parts.sanctions, sanctions, "{kind}");
        assert_eq!(callback.subject.as_deref(), Some("customer-7"));
        assert!(!callback.to_event().data.unwrap().to_json().contains("Never told"));
    }
}

#[test]
fn jumio_says_that_it_ended_and_not_how() {
    let cases = [
        ("PROCESSED", Outcome::Other),
        // Nobody signed that it has.
        ("SESSION_EXPIRED", Outcome::Other),
        ("TOKEN_EXPIRED", Outcome::Other),
        ("PASSED", Outcome::Other),
    ];
    for (status, wanted) in cases {
        let body = format!(
            r#"{{"callbackSentAt":"2026-01-31T09:30:00.000Z","userReference":"customer-7","workflowExecution":{{"id":"workflow-1","href":"h","definitionKey":"3","status":"{status}"}},"account":{{"id":"account-1"}},"decision":{{"type":"PASSED"}}}}"#
        );
        let callback = told(Provider::Jumio, &body);
        assert_eq!((&*callback.kind, callback.outcome), (status, wanted));
        assert_eq!(
            (&*callback.about, callback.subject.as_deref()),
            ("workflow-1", Some("customer-7"))
        );
        assert_eq!(callback.occurred_at, Some(AT));
    }
}

#[test]
fn ballerine_by_the_state_that_a_workflow_ended_in() {
    let cases = [
        ("workflow.completed", "workflowFinalState", "approved", Outcome::Approved),
        ("workflow.completed", "workflowFinalState", "rejected", FINAL),
        ("workflow.completed", "workflowFinalState", "revision", RETRY),
        ("workflow.completed", "workflowFinalState", "manual_review", Outcome::Review),
        ("workflow.completed", "workflowFinalState", "resolved", Outcome::Other),
        ("workflow.completed", "workflowFinalState", "auto_approved", Outcome::Other),
        ("workflow.completed", "state", "approved", Outcome::Other),
        ("workflow.state.changed", "state", "manual_review", Outcome::Review),
        ("workflow.state.changed", "state", "revision", RETRY),
        ("workflow.state.changed", "state", "idle", Outcome::Processing),
        // The end is told by its own event.
        ("workflow.state.changed", "state", "approved", Outcome::Processing),
        ("workflow.state.changed", "state", "rejected", Outcome::Processing),
        ("workflow.context.document.changed", "state", "approved", Outcome::Other),
    ];
    for (event, field, state, wanted) in cases {
        let body = format!(
            r#"{{"id":"6f1d","eventName":"{event}","apiVersion":"1","timestamp":"2026-01-31T09:30:00.000Z","workflowRuntimeId":"run-1","{field}":"{state}","ballerineEntityId":"entity-1","correlationId":"customer-7","environment":"production","data":{{"entity":{{"name":"Never told"}}}}}}"#
        );
        let callback = told(Provider::Ballerine, &body);
        assert_eq!(callback.outcome, wanted, "{event} {state}");
        assert_eq!((&*callback.event_id, &*callback.about), ("6f1d", "run-1"));
        assert_eq!(callback.subject.as_deref(), Some("customer-7"));
        assert_eq!(callback.occurred_at, Some(AT));
        assert!(!callback.to_event().data.unwrap().to_json().contains("Never told"));
    }
}

#[test]
fn bodies_that_are_refused() {
    let onfido_of = |body: &str| refused(Provider::Onfido, body);
    let long = "x".repeat(257);
    let cases = [
        (onfido_of(""), "the body cannot be read: unexpected end of JSON input"),
        (
            onfido_of("callBackType=NETVERIFYID"),
            "the body cannot be read: invalid character at byte 0",
        ),
        (onfido_of("[]"), "`the body` is of kind array, not object"),
        (onfido_of("{}"), "has no `payload`, which every such callback of onfido has"),
        (
            onfido_of(r#"{"payload":null}"#),
            "has no `payload`, which every such callback of onfido has",
        ),
        (onfido_of(r#"{"payload":7}"#), "`payload` is of kind number, not object"),
        (
            onfido_of(
                r#"{"payload":{"resource_type":"check","action":"check.started","object":{"id":9}}}"#,
            ),
            "`payload.object.id` is of kind number, not string",
        ),
        (
            onfido_of(
                r#"{"payload":{"resource_type":"check","action":"check.started","object":{"id":""}}}"#,
            ),
            "has no `payload.object.id`, which every such callback of onfido has",
        ),
        (
            onfido_of(&format!(r#"{{"payload":{{"resource_type":"{long}"}}}}"#)),
            "`payload.resource_type` has 257 bytes, and at most 256 are taken",
        ),
        (
            onfido_of(&onfido("check", "check.started", "s").replace("2026-01-31T", "2026-02-31T")),
            "`payload.object.completed_at_iso8601` is no instant as onfido writes it",
        ),
        (
            onfido_of(&onfido("check", "check.started", "s").replace(r#""document_expired""#, "5")),
            "`payload.resource.reasons[1]` is of kind number, not string",
        ),
        (
            onfido_of(r#"{"payload":{"object":{"status":"declined","st\u0061tus":"approved"}}}"#),
            "the body cannot be read: has the key `status` twice in one object, at byte 42",
        ),
        (
            refused(Provider::Sumsub, &sumsub("applicantReviewed", "")),
            "has no `reviewResult`, which every such callback of sumsub has",
        ),
        (
            refused(Provider::Sumsub, &sumsub("applicantPending", "").replace(" 09:30", "T09:30")),
            "`createdAtMs` is no instant as sumsub writes it",
        ),
        (
            refused(
                Provider::Sumsub,
                &sumsub("applicantPending", "").replace("req-1", &"r".repeat(267)),
            ),
            "`correlationId` has 267 bytes, and at most 256 are taken",
        ),
        (
            refused(
                Provider::Persona,
                &persona("inquiry.approved", "inquiry", "approved")
                    .replace("created-at", "created_at"),
            ),
            "has no `data.attributes.created-at`, which every such callback of persona has",
        ),
        (
            refused(Provider::Veriff, r#"{"status":"success"}"#),
            "has no `verification`, which every such callback of veriff has",
        ),
        (
            refused(Provider::Veriff, &veriff("approved", r#""9001""#)),
            "`verification.code` is of kind string, not number",
        ),
    ];
    for (error, wanted) in cases {
        assert_eq!(error, wanted);
    }
    let told = read_unverified(Provider::Onfido, b"{\"a\":\xff}").unwrap_err();
    assert_eq!(told.to_string(), "the body is not UTF-8, from byte 5 on");
    let told = read_unverified(Provider::Onfido, &vec![b' '; (1 << 20) + 1]).unwrap_err();
    assert_eq!(told.to_string(), "the body has 1048577 bytes, and at most 1048576 are taken");
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert_eq!(onfido_of(&deep), "the body cannot be read: nests deeper than 400");
}

#[test]
fn reasons_are_bounded() {
    let labels: Vec<String> = (0..40).map(|at| format!("\"{at}{}\"", "é".repeat(300))).collect();
    let body = onfido("check", "check.started", "s")
        .replace(r#""watchlist_hit","document_expired""#, &labels.join(","));
    let reasons = told(Provider::Onfido, &body).reasons;
    assert_eq!(reasons.len(), REASONS);
    assert!(reasons.iter().all(|reason| reason.chars().count() == REASON));
}

proptest! {
    #[test]
    fn whatever_a_body_says_is_a_callback_or_an_error(body in ".{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        for provider in Provider::ALL {
            let _ = read_unverified(provider, body.as_bytes());
            let _ = read_unverified(provider, &bytes);
        }
    }

    #[test]
    fn a_changed_body_never_becomes_an_approval_by_chance(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        // Of a rejection: one byte does not make the opposite of it.
        let bodies = [
            (Provider::Onfido, onfido("workflow_run", "workflow_run.completed", "declined")),
            (Provider::Persona, persona("inquiry.declined", "inquiry", "declined")),
            (Provider::Sumsub, sumsub("applicantReviewed", r#","reviewResult":{"reviewAnswer":"RED"}"#)),
            (Provider::Veriff, veriff("declined", "9102")),
        ];
        for (provider, body) in bodies {
            let mut bytes = body.into_bytes();
            let place = at.index(bytes.len());
            bytes[place] = byte;
            if let Ok(callback) = read_unverified(provider, &bytes) {
                prop_assert_ne!(callback.outcome, Outcome::Approved);
                prop_assert!(callback.to_event().name.starts_with("check."));
            }
        }
    }
}
