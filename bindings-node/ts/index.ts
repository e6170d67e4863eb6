/**
 * An exact double-entry ledger inside the process.
 *
 * @packageDocumentation
 */
import { settleSync } from './errors.js'
import { native } from './native.js'

export { type ColumnSource, type PostColumns, PostOutcomes, type WholeNumbers } from './columns.js'
export {
  type AccessGrant, type AccountFlag, type Amendment, type Amount, type Assignment, type Capture, type CivilDate, type Command, commands, type Dates, type Extra, type Fiat, type Hold, type IdentifierKind,
  type LegalHold, type Leg, type Merger, type Name, type NewAccount, type NewAsset, type NewParty, type PersonalField, type PersonalFields, type Post,
  type Relation, type Release, type RetentionClass, type Transaction, type Transfer, type TransferFlag,
} from './commands.js'
export { type AuthorizeOptions, type Decider, type Refusal, authorize, authorizeHook } from './authorize.js'
// Nobody makes one: `t.cases` is there.
export {
  type CaseBallot, type CaseContext, type CaseData, type CaseDecision, type CaseDialect, type CaseDocument, type CaseEffect, type CaseEntry, type CaseEvent,
  type CaseEvidence, type CaseFinding, type CaseLogPage, type CaseLogQuery, type CaseOpening, type CaseOutcome, type CaseOverride, type CasePage,
  type CasePlace, type CaseQuery, type CaseReport, Cases, type CasesAdvanced, type CaseSubmission, type CaseView, type CaseVote, type QueueReport,
  type QueueView,
} from './cases.js'
export {
  Chart, type ChartEffect, type ChartOptions, type ChartPending, type ChartSession, type ChartStep, type Drawing, type HeldSession, type Linting,
  type Stepping, type StepTarget, type Writing,
} from './chart.js'
export {
  ChartError, ClosedError, type Code, DamagedError, InvalidError, KeysError, LockedError, MissingError, OccupiedError, PolicyError, ReadOnlyError,
  RefusedError, StoppedError, ThaliumError, UndecidedError,
} from './errors.js'
export {
  type DecidedBy, type Deciding, type Decision, type DecisionMask, type DecisionPage, type DecisionQuery, type Loading, type MaskedPart, type NamedPolicy,
  type NoVerdict, type Opening, type Replaying,
} from './decisions.js'
export { type RestoreOptions, backup, inspect, newKey, rehearse, restore, upgrade, verify, verifySync } from './files.js'
export { type IdempotencyOptions, type Problem, idempotencyKey, idempotencyHook } from './idempotency.js'
export * as kyc from './kyc.js'
export type { CallbackView, RiskScore } from './kyc.js'
export {
  type Abortable, type AccountQuery, type BucketQuery, type HistoryQuery, type PageQuery, SeenAccounts, SeenAssets, SeenBooks, SeenTransfers, type Span,
  type TransferQuery, type VolumeQuery,
} from './books.js'
export { Accounts, Assets, type BlnkOptions, type Context, type CustomerCases, type KeySource, type OpenOptions, type Sync, type TableForm, Thalium, Transfers } from './ledger.js'
export { Money, currency } from './money.js'
export { Parties, type TokenRequest } from './parties.js'
export { type PartyQuery, type Reading, SeenParties } from './people.js'
export { type Asking, type Explaining, type Filtering, Policy, type PolicyBundle, type PolicyKey, type RowColumn, type Testing } from './policy.js'
// Nobody makes one: `t.rollups` is there.
export {
  type BadRows, type ChangeQuery, type ChangeWatch, type KlineQuery, type RollupDefinition, Rollups, type SymbolQuery, type Trade, type TradePlace,
} from './rollups.js'
export { BrokerView } from './view.js'
export { type Instant, Timestamp } from './timestamp.js'
export type * from './types.js'

/** Every code that an error may have, with what it means. */
export function codes(): ReadonlyMap<string, string> {
  return new Map(JSON.parse(settleSync(() => native.codes())) as [string, string][])
}

/** Every operation, with what it works on: `books`, `ledger`, `rollups`, `decisions`, `cases`, `files`, `device`, `kyc`, `policy` or `chart`. */
export function operations(): ReadonlyMap<string, string> {
  return new Map(JSON.parse(settleSync(() => native.operations())) as [string, string][])
}

/** A new time-ordered id (UUIDv7). */
export function newId(): string {
  return settleSync(() => native.newId())
}
