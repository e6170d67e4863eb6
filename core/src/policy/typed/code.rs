//! The numbers of reasons. A number is a promise: it is never given to something else.
//!
//! | code | name | what it says |
//! |---|---|---|
//! | 1001 | `no_rule_permits` | nothing permits the request, and the default is to deny |
//! | 1002 | `no_rule_decided` | the document that was to decide is undefined |
//! | 1003 | `missing_fact` | a rule needs a fact that is not known |
//! | 1004 | `tenant_unknown` | the tenant of the subject or of the resource is not known |
//! | 1005 | `tenants_differ` | the resource belongs to another tenant |
//! | 1006 | `permission_not_granted` | no role of the subject grants the permission |
//! | 1007 | `forbidden` | a condition that denies holds |
//! | 1008 | `review_asked` | a condition that asks for a review holds |
//! | 1009 | `noted` | a condition that is only noted holds |
//! | 1010 | `foreign_facts` | the facts were built for another program |
//! | 1011 | `no_thresholds_in_force` | no table of thresholds is in force |
//! | 1012 | `no_threshold_for_key` | the threshold has no entry for this level, role or account |
//! | 1013 | `facts_refused` | the input is no object of facts that the program knows |
//! | 2001 | `amount_above_limit` | the amount is above the limit |
//! | 2002 | `amount_below_minimum` | the amount is below the minimum |
//! | 2003 | `count_above_limit` | there were as many in the window as there may be |
//! | 2004 | `velocity_above_limit` | the sum of the window would pass the limit |
//! | 2005 | `out_of_range` | amounts are too large to be computed with, or below zero |
//! | 3001 | `large_transaction` | the amount is large |
//! | 3002 | `structuring` | many amounts just below a threshold |
//! | 3003 | `rapid_movement` | as much went out as came in, within the window |
//! | 3004 | `sanctioned_country` | a country is under sanctions |
//! | 3005 | `high_risk_country` | a country has a high risk |
//! | 3006 | `sanctions_match` | a party is on a list of sanctions |
//! | 3007 | `pep` | a politically exposed person moves much |
//! | 3008 | `new_account` | a new account moves much |
//! | 3009 | `unusual_volume` | the volume is a multiple of the usual |
//! | 3010 | `travel_rule` | the data of originator and beneficiary have to travel along |
//! | 4001 | `step_up_required` | a second factor has to be shown |
//! | 4002 | `approvals_missing` | others have to approve |
//! | 4003 | `maker_is_checker` | who made it approved it too |
//! | 4004 | `login_failures` | too many attempts to log in failed |
//! | 4005 | `session_expired` | the session is too old |
//!
//! Numbers from 10,000 on are free for documents: Rego's, and the typed rule `match` that is given one.

/// The lowest number that a document can give to reasons of its own.
pub const FREE: u32 = 10_000;

macro_rules! codes {
    ($($number:literal $variant:ident $name:literal $message:literal)*) => {
        /// What a typed rule says, as a number. The table is in the documentation of this module.
        ///
        /// ```
        /// use thalium::policy::typed::Code;
        ///
        /// assert_eq!(Code::Structuring.number(), 3002);
        /// assert_eq!(Code::Structuring.name(), "structuring");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u32)]
        pub enum Code {
            $(
                #[doc = $message]
                $variant = $number,
            )*
        }

        impl Code {
            /// All of them, by number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The number.
            #[must_use]
            pub const fn number(self) -> u32 {
                match self { $(Self::$variant => $number),* }
            }

            /// The name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The message of a rule that brings none.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message),* }
            }
        }
    };
}

codes! {
    1001 NoRulePermits "no_rule_permits" "no rule permits"
    1002 NoRuleDecided "no_rule_decided" "no rule decided"
    1003 MissingFact "missing_fact" "missing fact"
    1004 TenantUnknown "tenant_unknown" "the tenant is not known"
    1005 TenantsDiffer "tenants_differ" "the resource belongs to another tenant"
    1006 PermissionNotGranted "permission_not_granted" "no role grants the permission"
    1007 Forbidden "forbidden" "this is forbidden"
    1008 ReviewAsked "review_asked" "this has to be reviewed"
    1009 Noted "noted" "this was noted"
    1010 ForeignFacts "foreign_facts" "the facts belong to another program"
    1011 NoThresholdsInForce "no_thresholds_in_force" "no table of thresholds is in force"
    1012 NoThresholdForKey "no_threshold_for_key" "the threshold has no entry for this key"
    1013 FactsRefused "facts_refused" "the input gives no facts"
    2001 AmountAboveLimit "amount_above_limit" "the amount is above the limit"
    2002 AmountBelowMinimum "amount_below_minimum" "the amount is below the minimum"
    2003 CountAboveLimit "count_above_limit" "there are too many in the window"
    2004 VelocityAboveLimit "velocity_above_limit" "the sum of the window would pass the limit"
    2005 OutOfRange "out_of_range" "amounts are out of range"
    3001 LargeTransaction "large_transaction" "the amount is large"
    3002 Structuring "structuring" "many amounts just below a threshold"
    3003 RapidMovement "rapid_movement" "funds came in and go out rapidly"
    3004 SanctionedCountry "sanctioned_country" "the country is under sanctions"
    3005 HighRiskCountry "high_risk_country" "the country has a high risk"
    3006 SanctionsMatch "sanctions_match" "a party is on a list of sanctions"
    3007 Pep "pep" "a politically exposed person moves much"
    3008 NewAccount "new_account" "a new account moves much"
    3009 UnusualVolume "unusual_volume" "the volume is a multiple of the usual"
    3010 TravelRule "travel_rule" "the data of originator and beneficiary are missing"
    4001 StepUpRequired "step_up_required" "a second factor is required"
    4002 ApprovalsMissing "approvals_missing" "approvals are missing"
    4003 MakerIsChecker "maker_is_checker" "who made it cannot approve it"
    4004 LoginFailures "login_failures" "too many attempts to log in failed"
    4005 SessionExpired "session_expired" "the session is too old"
}

impl Code {
    /// Whether a customer is never told: who is suspected of laundering money is not tipped off (FATF recommendation 21).
    #[must_use]
    pub const fn is_confidential(self) -> bool {
        matches!(
            self,
            Self::LargeTransaction
                | Self::Structuring
                | Self::RapidMovement
                | Self::SanctionsMatch
                | Self::Pep
                | Self::NewAccount
                | Self::UnusualVolume
        )
    }
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;
