use super::*;
use crate::policy::Outcome;
use crate::policy::ReasonFact;
use crate::policy::typed::Instant;

#[test]
fn a_verdict_as_a_document_reads_the_same_again() {
    let severities =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
    let audiences = [Audience::Customer, Audience::Operator, Audience::Officer];
    let reasons = severities.into_iter().zip(audiences.into_iter().cycle()).zip(10_000..);
    let reasons: Vec<Reason> = reasons
        .map(|((severity, audience), code)| Reason {
            code,
            rule: "aml/\"x\"".into(),
            audience,
            severity,
            message: "ü \u{2028}".into(),
            facts: (10_000..code)
                .map(|code| ReasonFact { name: code.to_string(), value: "1.50".into() })
                .collect(),
        })
        .collect();
    let obligations = vec![
        Obligation::Hold { seconds: u64::MAX },
        Obligation::Freeze { until: Instant(1) },
        Obligation::Approvals { role: "r".into(), count: u32::MAX },
        Obligation::OpenCase { queue: "q".into(), kind: "k".into() },
        Obligation::DraftReport { report: "str".into() },
        Obligation::StepUp { factor: "totp".into() },
        Obligation::Notify { topic: "t".into() },
    ];
    for outcome in [Outcome::Allow, Outcome::Review, Outcome::Deny] {
        let verdict =
            Verdict { outcome, reasons: reasons.clone(), obligations: obligations.clone() };
        let document = verdict.to_rego();
        assert_eq!(Verdict::from_rego(&document).as_ref(), Ok(&verdict));
        // One shape, whichever way it is written.
        let json = serde_json::to_string(&verdict).unwrap();
        assert_eq!(Value::from_json(&json).unwrap(), document);
    }
}
