//! What a customer's device does, as plain data.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::collection::{AnswerForm, FollowedCase, HandInDocument, HandInQuery};
use super::command::from_object;
use super::failure::Failure;
use super::{Surface, instant_of, json, object, operation};
use crate::{Command, Device, SyncReply};

/// What a customer's device does. In JSON the field `op` names it; `now` is an instant of the device's clock, by default now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum DeviceCall {
    /// Keeps a command until the back end has answered it. Answer: an `IntentView`.
    Intend(Box<Intend>),
    /// Takes an intent back that was never sent. Answer: an `IntentView`.
    CancelIntent(IntentAt),
    /// Answer: an `IntentView`, or nothing.
    GetIntent(IntentAt),
    /// The intents in the order in which they were given. Answer: a list of `IntentView`.
    ListIntents(IntentQuery),
    /// Forgets the intents and what was handed in that were resolved before an instant. Answer: their keys.
    PruneIntents(Prune),
    /// Keeps a copy of an account from the next sync on.
    Follow(Followed),
    /// Forgets an account and its copy.
    Unfollow(Followed),
    /// Answer: the accounts that are followed, a list of `DeviceAccount`.
    FollowedAccounts(Nothing),
    /// Answer: a `DeviceAccount`, or nothing if it is not followed.
    FollowedAccount(Followed),
    /// Answer: `DeviceHolds`, or nothing if it is not followed.
    FollowedHolds(Followed),
    /// Answer: a `DeviceStatement`, or nothing before the back end has told the account.
    FollowedStatement(FollowedStatement),
    /// What to send to the back end. Answer: a `SyncStart`.
    BeginSync(At),
    /// Takes what the back end replied. Answer: a `SyncDone`.
    EndSync(EndSync),
    /// The back end could not be reached. Answer: a `SyncStart` that says how long to wait.
    FailSync(FailSync),
    /// Makes the next attempt due at once.
    HurrySync(Nothing),
    /// Keeps a copy of a case from the next sync on.
    FollowCase(FollowedCase),
    /// Forgets the copy of a case. What was handed in to it is sent all the same.
    UnfollowCase(FollowedCase),
    /// Answer: the cases that are followed, a list of `DeviceCase`.
    FollowedCases(Nothing),
    /// Answer: a `DeviceCase`, or nothing if it is not followed.
    FollowedCase(FollowedCase),
    /// Keeps a document until the back end has answered. Answer: a `HandInView`.
    HandInDocument(Box<HandInDocument>),
    /// What would be noticed of a document; nothing is kept. Answer: a `DocumentCheck`.
    CheckDocument(Box<HandInDocument>),
    /// Keeps the answers to a form until the back end has answered. Answer: a `HandInView`.
    AnswerForm(AnswerForm),
    /// Takes something back that was handed in and never sent. Answer: a `HandInView`.
    CancelHandIn(IntentAt),
    /// Answer: a `HandInView`, or nothing.
    GetHandIn(IntentAt),
    /// What was handed in, in the order in which it was given. Answer: a list of `HandInView`.
    ListHandIns(HandInQuery),
}

/// A command to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Intend {
    /// A post, a hold or a release, with a key.
    pub command: Command,
    /// The instant.
    #[serde(default)]
    pub now: Option<String>,
}

/// An intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IntentAt {
    /// Its key.
    pub key: String,
    /// The instant.
    #[serde(default)]
    pub now: Option<String>,
}

/// Which intents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct IntentQuery {
    /// Only those that are not resolved.
    pub open: bool,
}

/// What to forget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Prune {
    /// What was resolved before this instant.
    pub before: String,
}

/// An account that is followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Followed {
    /// Its key or id.
    pub account: String,
}

/// Whose statement, and over which span of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowedStatement {
    /// The account.
    pub account: String,
    /// Not before: RFC 3339, nanoseconds since 1970, or a date.
    #[serde(default)]
    pub from: Option<String>,
    /// Not after; a date stands for its last instant in UTC.
    #[serde(default)]
    pub to: Option<String>,
}

/// When.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct At {
    /// The instant.
    pub now: Option<String>,
}

/// What the back end replied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EndSync {
    /// The reply, or its text.
    pub reply: SyncReply,
    /// The instant.
    #[serde(default)]
    pub now: Option<String>,
}

/// A failure to reach the back end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct FailSync {
    /// Any number, so that not all devices come again at once.
    pub random: u64,
    /// The instant.
    pub now: Option<String>,
}

/// Nothing stands beside the operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Does something on a device, and gives the answer as JSON.
///
/// # Errors
/// A request that cannot be read, or what [`Device`]'s own methods say.
pub fn device(device: &Device, request: &str) -> Result<String, Failure> {
    let mut object = object(request)?;
    let op = operation(&object)?.to_owned();
    if super::operation::surface_of(&op) != Some(Surface::Device) {
        return Err(super::operation::unknown(&op, Surface::Device));
    }
    if let Some(Value::Object(command)) = object.get("command") {
        // What is wrong with it is told by its field.
        from_object(command.clone()).map_err(|error| Failure::of_field("command", &error))?;
    }
    // An app may hand on the text as it came.
    if let Some(Value::String(text)) = object.get("reply") {
        let reply = self::object(text)?;
        object.insert("reply".to_owned(), Value::Object(reply));
    }
    let call: DeviceCall =
        serde_json::from_value(Value::Object(object)).map_err(|error| Failure::unread(&error))?;
    let now = |text: Option<String>| text.map_or(Ok(device.now()), |text| instant_of("now", &text));
    match call {
        DeviceCall::Intend(call) => json(&device.intend_at(call.command, now(call.now)?)?),
        DeviceCall::CancelIntent(call) => json(&device.cancel_at(&call.key, now(call.now)?)?),
        DeviceCall::GetIntent(call) => json(&device.intent(&call.key)?),
        DeviceCall::ListIntents(call) => json(&device.intents(call.open)?),
        DeviceCall::PruneIntents(call) => json(&device.prune(instant_of("before", &call.before)?)?),
        DeviceCall::Follow(call) => json(&device.follow(&call.account)?),
        DeviceCall::Unfollow(call) => json(&device.unfollow(&call.account)?),
        DeviceCall::FollowedAccounts(Nothing {}) => json(&device.accounts()?),
        DeviceCall::FollowedAccount(call) => json(&device.account(&call.account)?),
        DeviceCall::FollowedHolds(call) => json(&device.holds(&call.account)?),
        DeviceCall::FollowedStatement(call) => {
            json(&device.statement(&call.account, call.from.as_deref(), call.to.as_deref())?)
        }
        DeviceCall::BeginSync(call) => json(&device.begin_sync_at(now(call.now)?)?),
        DeviceCall::EndSync(call) => json(&device.end_sync_at(&call.reply, now(call.now)?)?),
        DeviceCall::FailSync(call) => json(&device.fail_sync_at(now(call.now)?, call.random)?),
        DeviceCall::HurrySync(Nothing {}) => json(&device.hurry()?),
        DeviceCall::FollowCase(call) => json(&device.follow_case(&call.case)?),
        DeviceCall::UnfollowCase(call) => json(&device.unfollow_case(&call.case)?),
        DeviceCall::FollowedCases(Nothing {}) => json(&device.cases()?),
        DeviceCall::FollowedCase(call) => json(&device.case(&call.case)?),
        DeviceCall::HandInDocument(call) => {
            let now = now(call.now.clone())?;
            json(&device.hand_in_document_at(call.document()?, now)?)
        }
        DeviceCall::CheckDocument(call) => {
            let now = now(call.now.clone())?;
            json(&device.check_document_at(call.document()?, now)?)
        }
        // Read once more, exactly: no number of an answer becomes a float.
        DeviceCall::AnswerForm(_) => super::collection::answer_form(device, request),
        DeviceCall::CancelHandIn(call) => {
            json(&device.cancel_hand_in_at(&call.key, now(call.now)?)?)
        }
        DeviceCall::GetHandIn(call) => json(&device.hand_in(&call.key)?),
        DeviceCall::ListHandIns(call) => json(&device.hand_ins(call.case.as_deref(), call.open)?),
    }
}
