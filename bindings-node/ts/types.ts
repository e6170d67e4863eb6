// What the ledger answers. Made of the facade's types by `cargo xtask generate`.
import type { Money } from './money.js'
import type { Timestamp } from './timestamp.js'

/** The kind of an account in the chart of accounts, and with it its normal side. */
export type AccountKind = 'asset' | 'liability' | 'equity' | 'income' | 'expense'

/** What a party may do with an account. */
export type AccountRole = 'owner' | 'operator' | 'viewer'

/** Who may be told a reason. */
export type Audience = 'customer' | 'operator' | 'officer'

/** The ground on which a field is held, and so the key with which it is sealed (GDPR Art. 6(1)(a) and (c)). */
export type Basis = 'consent' | 'law'

/** What an open ledger can do. */
export type Condition = 'ready' | 'draining' | 'reading' | 'stopped'

/** How something changes. */
export type DiffChange = 'added' | 'removed' | 'changed' | 'notes' | 'text'

/** Which rows there are. */
export type FilteredRows = 'all' | 'none' | 'some'

/** How much of a party is forgotten. */
export type ForgetScope = 'consent' | 'all'

/** What becomes of trades whose bucket is closed. */
export type LateView = 'refuse' | 'merge' | 'correct'

/** What has to be done. */
export type ObligationType = 'hold' | 'freeze' | 'approvals' | 'open_case' | 'draft_report' | 'step_up' | 'notify'

/** What a party is. */
export type PartyKind = 'person' | 'company' | 'broker'

/** Whether a request without a fact is denied. */
export type PolicyNeed = 'always' | 'sometimes' | 'never'

/** What the rules of one name make together. */
export type PolicyRuleKind = 'value' | 'set' | 'object' | 'function'

/** What became of a rule or an expression. */
export type PolicyStepOutcome = 'held' | 'failed' | 'undefined' | 'ended'

/** What became of a test. */
export type PolicyTestOutcome = 'passed' | 'failed' | 'error' | 'skipped'

/** What one party is to another. */
export type RelationRole = 'owner' | 'beneficial_owner' | 'director' | 'signatory' | 'representative' | 'employee'

/** How much risk a party is (FATF Recommendation 1). */
export type RiskLevel = 'low' | 'medium' | 'high' | 'prohibited'

/** How grave a reason is. */
export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical'

/** What is decided. The later one is the stricter one, and wins where verdicts are joined. */
export type VerdictOutcome = 'allow' | 'review' | 'deny'

/** Entries of the access log, oldest first, and where the next page begins. */
export interface AccessPage {
  /** The entries. */
  readonly entries: readonly AccessView[]
  /** What the next page comes after; nothing at the end. */
  readonly next?: number | undefined
}

/** Who read personal data, what and why. */
export interface AccessView {
  /** Its place in the log. */
  readonly sequence: number
  /** When. */
  readonly timestamp: Timestamp
  /** Who read. */
  readonly actor: string
  /** In which role. */
  readonly role: string
  /** From where. */
  readonly origin: string
  /** Whose data: the party's key or id. */
  readonly party: string
  /** Which fields. */
  readonly fields: readonly string[]
  /** The transfers whose details were opened: their keys or ids. */
  readonly transfers: readonly string[]
  /** The accounts whose details were opened: their keys or ids. */
  readonly accounts: readonly string[]
  /** Whether all details were opened that are sealed to the party, as for an export. */
  readonly details: boolean
  /** Why. */
  readonly why: string
}

/** What is new on an account. */
export interface AccountNews {
  /** The name by which it was asked for. */
  readonly name: string
  /** The account with its balances. */
  readonly account: AccountView
  /** Its open holds, oldest first; at most the newest `HOLDS_TOLD`. Of those that others placed neither key nor metadata. */
  readonly holds: readonly TransferView[]
  /** The booked balance before the first of the entries. */
  readonly opening: Money
  /** The entry that these follow; nothing where the device begins anew with the newest. */
  readonly after?: number | undefined
  /** Whether nothing stands before the first of the entries. */
  readonly fromTheBeginning: boolean
  /** The entries behind the last one that the device has, oldest first; the newest where it has none, or is far behind. */
  readonly entries: readonly EntryView[]
  /** Whether there are more: ask again after the last. */
  readonly more: boolean
}

/** An account of a party. */
export interface AccountOfView {
  /** The account's key, or its id. */
  readonly account: string
  /** What the party may do. */
  readonly role: AccountRole
  /** Since which date. */
  readonly since?: string | undefined
  /** Until which date, that day included. */
  readonly until?: string | undefined
}

/** Accounts in the order in which they were opened, and where the next page begins. */
export interface AccountPage {
  /** The accounts. */
  readonly accounts: readonly AccountView[]
  /** What the next page comes after; nothing at the end. There may be a next page behind one that holds fewer than asked for. */
  readonly next?: number | undefined
}

/** An account. */
export interface AccountView {
  /** Its id. */
  readonly id: string
  /** The caller's key. */
  readonly key: string
  /** Its name, where that is public. */
  readonly name: string
  /** The code of its asset. */
  readonly asset: string
  /** What its asset is. */
  readonly assetKind: string
  /** Its kind in the chart. */
  readonly kind?: AccountKind | undefined
  /** The account above it. */
  readonly parent?: string | undefined
  /** The caller's code. */
  readonly code: number
  /** Names of its flags. */
  readonly flags: readonly string[]
  /** When it was opened. */
  readonly openedAt: Timestamp
  /** Held debits. */
  readonly debitsPending: Money
  /** Booked debits. */
  readonly debitsPosted: Money
  /** Held credits. */
  readonly creditsPending: Money
  /** Booked credits. */
  readonly creditsPosted: Money
  /** What is booked, on the account's normal side. */
  readonly balance: Money
  /** The balance less what is held against it. */
  readonly available: Money
  /** Public metadata. */
  readonly metadata: Readonly<Record<string, string>>
  /** The party to which the rest of the name and the metadata is sealed: `read_data` opens it. */
  readonly subject?: string | undefined
}

/** A document of a case, as the customer is told. */
export interface AskedDocument {
  /** Which. */
  readonly document: string
  /** How it stands: `requested`, `submitted`, `approved`, `rejected` or `expired`. */
  readonly standing: string
  /** Whether it can be handed in now. */
  readonly wanted: boolean
  /** How often it can still be handed in. */
  readonly attemptsLeft: number
  /** Why it is asked for again or was not taken: the reason codes that the customer may be told. */
  readonly reasons: readonly string[]
  /** Until when it is to be handed in. */
  readonly due?: Timestamp | undefined
  /** When it is not valid any more. */
  readonly validUntil?: Timestamp | undefined
}

/** A form that a case waits for. */
export interface AskedForm {
  /** Which. */
  readonly form: string
  /** The variables that it has. */
  readonly variables: readonly string[]
}

/** An asset. */
export interface AssetView {
  /** Its code. */
  readonly code: string
  /** Digits after the point. */
  readonly scale: number
  /** What it is: `crypto`, `security`, `points`, or `fiat:` and its ISO 4217 number. */
  readonly kind: string
  /** Its ledger number. */
  readonly ledger: number
}

/** What a backup holds. */
export interface BackupReport {
  /** Always true. */
  readonly ok: boolean
  /** Where it is. */
  readonly backup: string
  /** Events in it. */
  readonly events: number
  /** Events that were copied this time. */
  readonly copied: number
  /** The root over all of them, in hexadecimal. */
  readonly root: string
  /** The generation of the journal: each restoring begins a new one. */
  readonly generation: number
}

/** What an account held in a bucket of time. Balances are posted ones, on the account's normal side. */
export interface BalanceBucketView {
  /** When the bucket begins. */
  readonly start: Timestamp
  /** When the next begins. */
  readonly end: Timestamp
  /** The balance at its beginning. */
  readonly open: Money
  /** The highest balance, that at the beginning among them. */
  readonly high: Money
  /** The lowest balance, that at the beginning among them. */
  readonly low: Money
  /** The balance at its end, or now. */
  readonly close: Money
  /** What was available at its end: the balance less what is held. */
  readonly available: Money
  /** What was debited. */
  readonly debits: Money
  /** What was credited. */
  readonly credits: Money
  /** How many entries the account has of that time: posts, holds, captures, releases and expiries. */
  readonly entries: number
  /** The average, weighted by how long each balance stood while the account was open and until now; rounded half to even, once. Nothing where no time has passed. */
  readonly average?: Money | undefined
}

/** What an account held, oldest first: every bucket from its opening on, also those in which nothing happened, up to now, which is the newest instant of the log. A broker is told up to the account's newest entry. */
export interface BalanceHistoryPage {
  /** The account's key, or its id. */
  readonly account: string
  /** The code of its asset. */
  readonly asset: string
  /** The buckets. */
  readonly buckets: readonly BalanceBucketView[]
  /** The from of the next page, if there is one. */
  readonly next?: Timestamp | undefined
}

/** Workflow definitions of Ballerine as charts. */
export interface BallerineImport {
  /** The chart of the first definition: JSON. */
  readonly chart: string
  /** The charts of the others, to be loaded together with it: JSON. */
  readonly charts: readonly string[]
  /** How JSON Logic takes values of other kinds in them: `strict` or `javascript`. */
  readonly dialect: string
  /** What was tolerated. */
  readonly leniencies: readonly BallerineLeniency[]
}

/** Something that Ballerine tolerates. */
export interface BallerineLeniency {
  /** The rule that it broke. */
  readonly rule: string
  /** The path to it. */
  readonly path: string
  /** The row, from one. */
  readonly row: number
  /** The column, from one. */
  readonly column: number
  /** What is wrong with it, and what became of it. */
  readonly message: string
}

/** What differs from what Blnk holds. */
export interface BlnkDifference {
  /** What kind it is, by its stable name. */
  readonly kind: string
  /** Whether money is missing or counted otherwise. */
  readonly isSerious: boolean
  /** The record of Blnk's. */
  readonly record: string
  /** What differs. */
  readonly detail: string
}

/** What came of what Blnk holds. */
export interface BlnkReport {
  /** Whether it was imported. */
  readonly imported: boolean
  /** Its balances. */
  readonly balances: number
  /** Its transactions. */
  readonly transactions: number
  /** Of them, those that moved or held nothing. */
  readonly notBooked: number
  /** Accounts here. */
  readonly accounts: number
  /** Transfers here. */
  readonly transfers: number
  /** What differs. */
  readonly differences: readonly BlnkDifference[]
}

/** A callback that was proven and read. */
export interface CallbackView {
  /** Who sent it. */
  readonly provider: string
  /** The id by which a second delivery is known: a case that it is delivered to knows it by that. */
  readonly eventId: string
  /** What the provider calls it. */
  readonly kind: string
  /** The provider's own id of the check. */
  readonly about: string
  /** What it comes to, in the same words for every provider. */
  readonly outcome: string
  /** The provider's own reasons. */
  readonly reasons: readonly string[]
  /** The SHA-256 of the body, to be kept with it as evidence. */
  readonly evidence: string
  /** The event that a chart is told. */
  readonly event: string
  /** What that carries: the text of a JSON object. */
  readonly data: string
  /** The key that signed it. */
  readonly key?: string | undefined
  /** When it happened: RFC 3339. */
  readonly occurredAt?: string | undefined
  /** Whether it is of the provider's sandbox, where it says so. */
  readonly sandbox?: boolean | undefined
  /** When it was signed, where the provider says so: RFC 3339. */
  readonly signedAt?: string | undefined
  /** The caller's own reference, where the provider carries it. */
  readonly subject?: string | undefined
}

/** A decision, with its votes. */
export interface CaseDecision {
  /** Which. */
  readonly decision: string
  /** The digest of the evidence that it rests on. */
  readonly seen: string
  /** The votes, the first first. */
  readonly votes: readonly CaseVote[]
  /** When it was taken; none while it is pending: RFC 3339. */
  readonly at?: string | undefined
}

/** A change that came to something else when it was decided once more. */
export interface CaseDifference {
  /** The number of the fact, from zero. */
  readonly fact: number
  /** The case. */
  readonly case: string
  /** Which of its changes. */
  readonly version: number
  /** What is different. */
  readonly what: string
}

/** A document of a case. */
export interface CaseDocument {
  /** Which. */
  readonly document: string
  /** How it stands: `requested`, `submitted`, `approved`, `rejected` or `expired`. */
  readonly standing: string
  /** Since when: RFC 3339. */
  readonly since: string
  /** How often it was handed in. */
  readonly attempts: number
  /** Why it is asked for, or is not good. */
  readonly reasons: readonly string[]
  /** Who handed it in. */
  readonly by?: string | undefined
  /** Until when it is to be handed in: RFC 3339. */
  readonly due?: string | undefined
  /** Where the host keeps that. Left out where the case is sealed and was not opened. */
  readonly file?: string | undefined
  /** The SHA-256 of what was handed in last. */
  readonly hash?: string | undefined
  /** When it is not valid any more: RFC 3339. */
  readonly validUntil?: string | undefined
}

/** Something that a case asks for. */
export interface CaseEffect {
  /** The case, by its key. */
  readonly case: string
  /** What its chart asks for. */
  readonly effect: ChartEffect
}

/** Something that happened to cases. */
export interface CaseEntry {
  /** Its number in the log. */
  readonly number: number
  /** When: RFC 3339. */
  readonly at: string
  /** Who asked. */
  readonly actor: string
  /** What: the name of what was done to a case, or `define` or `staff`. */
  readonly do: string
  /** Whether it is sealed. */
  readonly sealed: boolean
  /** What was asked: the text of a JSON object. Left out where it is sealed and was not opened. */
  readonly asked?: string | undefined
  /** The case, by its key. */
  readonly case?: string | undefined
  /** The SHA-256 of the version of the kind, with its charts, that the case was in. */
  readonly definition?: string | undefined
  /** The SHA-256 of the evidence that the case had then. */
  readonly evidence?: string | undefined
  /** The caller's id of the request. */
  readonly requestId?: string | undefined
  /** The SHA-256 of the session that it led to. */
  readonly session?: string | undefined
  /** What happened in the chart, step by step: the text of a JSON array. Left out where it is sealed and was not opened. */
  readonly steps?: string | undefined
  /** Which of its changes. */
  readonly version?: number | undefined
  /** Why what is sealed is not told, though it was asked for. */
  readonly withheld?: string | undefined
}

/** Something that a decision rests on. */
export interface CaseEvidence {
  /** Its name. */
  readonly name: string
  /** The SHA-256 of its bytes. */
  readonly hash: string
  /** Since when it is there: RFC 3339. */
  readonly since: string
  /** Who brought it. */
  readonly by: string
  /** Where the host keeps it. Left out where the case is sealed and was not opened. */
  readonly file?: string | undefined
}

/** Some of the log of cases. */
export interface CaseLogPage {
  /** What happened, the oldest first. */
  readonly entries: readonly CaseEntry[]
  /** The number to go on behind, if there is more. */
  readonly next?: number | undefined
}

/** How a case stands, as the customer is told. */
export interface CaseNews {
  /** Its key. */
  readonly case: string
  /** Whether it goes on. */
  readonly open: boolean
  /** The states in which it is, of those that the customer may be told of. */
  readonly states: readonly string[]
  /** Its documents, by name. */
  readonly documents: readonly AskedDocument[]
  /** The forms that it waits for, by name. */
  readonly forms: readonly AskedForm[]
  /** Facts in the log of cases when this was read: how new it is. */
  readonly facts: number
}

/** What came of something that was done to a case. A refusal is not `ok`, and has changed nothing. */
export interface CaseOutcome {
  /** Whether it was done. */
  readonly ok: boolean
  /** The case, by its key. */
  readonly case: string
  /** Whether the chart heard what it was told; true where it was told nothing. */
  readonly heard: boolean
  /** Whether the same request was done before, or the same callback came before: nothing was done now. */
  readonly replayed: boolean
  /** Whether a callback was overtaken by a newer one about the same check: it is in the log, and the chart did not hear it. */
  readonly late: boolean
  /** What the host is to do, in order. It stands in the log of the case, too. */
  readonly effects: readonly CaseEffect[]
  /** Why it was not done: a code, a promise. With `ok` it is `register`: the register of parties could not be told what follows from it yet. */
  readonly code?: string | undefined
  /** What the case is now. */
  readonly now?: CaseView | undefined
  /** The same in words, with what to do. */
  readonly reason?: string | undefined
}

/** What was decided beside the rules. */
export interface CaseOverride {
  /** By whom. */
  readonly by: string
  /** Since when: RFC 3339. */
  readonly since: string
  /** Until when: RFC 3339. */
  readonly until: string
  /** Why. Left out where the case is sealed and was not opened. */
  readonly why?: string | undefined
}

/** Some cases. */
export interface CasePage {
  /** The cases. */
  readonly cases: readonly CaseView[]
  /** The key to go on behind, if there are more. */
  readonly next?: string | undefined
}

/** Where a case waits. */
export interface CasePlace {
  /** The queue. */
  readonly queue: string
  /** Since when: RFC 3339. */
  readonly since: string
  /** Since when it waits for what is to be done, in whichever queue: RFC 3339. */
  readonly waitsSince: string
  /** Until when it may: RFC 3339. */
  readonly due?: string | undefined
  /** The queue that it belongs to by its kind, if it went on from there. */
  readonly from?: string | undefined
}

/** How cases stand at an instant. */
export interface CaseReport {
  /** The instant: RFC 3339. */
  readonly at: string
  /** The cases that wait for people, by kind and queue. */
  readonly queues: readonly QueueReport[]
  /** What became of the cases of each kind. */
  readonly kinds: readonly KindReport[]
  /** Who works on what and voted for what. */
  readonly people: readonly PersonReport[]
  /** What was decided, by kind and decision. */
  readonly decisions: readonly DecisionReport[]
  /** How documents stand, by kind and name. */
  readonly documents: readonly DocumentReport[]
}

/** What a case tells the register of parties of whom it is about. */
export interface CaseStanding {
  /** The flags that they have. */
  readonly flags: readonly string[]
  /** Whether the register says so already. */
  readonly told: boolean
  /** How far they were identified; zero: not at all. */
  readonly kycLevel?: number | undefined
  /** How much risk they are: `low`, `medium`, `high` or `prohibited`. */
  readonly risk?: string | undefined
}

/** A case. */
export interface CaseView {
  /** Its key. */
  readonly case: string
  /** The kind that it is of. */
  readonly kind: string
  /** The digest of the version of the kind that it is pinned to. */
  readonly definition: string
  /** How often it changed. */
  readonly version: number
  /** `open`, `ended` or `cancelled`. */
  readonly status: string
  /** The active states of its chart without children, in document order. */
  readonly states: readonly string[]
  /** When it was opened: RFC 3339. */
  readonly openedAt: string
  /** By whom. */
  readonly openedBy: string
  /** When it changed last: RFC 3339. */
  readonly changedAt: string
  /** How often it was opened again. */
  readonly reopened: number
  /** The digest of all that a decision rests on: who votes says which they saw. */
  readonly evidenceDigest: string
  /** Its documents, by name. */
  readonly documents: readonly CaseDocument[]
  /** Other evidence, by name. */
  readonly evidence: readonly CaseEvidence[]
  /** What was decided, the oldest first. */
  readonly decided: readonly CaseDecision[]
  /** What was decided beside the rules and holds. */
  readonly overrides: readonly CaseOverride[]
  /** Whether it is sealed to whom it is about. */
  readonly sealed: boolean
  /** Who works on it. */
  readonly assignee?: string | undefined
  /** Its variables: the text of a JSON object, whose numbers are exact. Left out where the case is sealed and was not opened. */
  readonly data?: string | undefined
  /** When it ended: RFC 3339. */
  readonly endedAt?: string | undefined
  /** When the next of what waits in it is due: RFC 3339. */
  readonly nextDue?: string | undefined
  /** The case that it was opened for. */
  readonly parent?: string | undefined
  /** Whom it is about. */
  readonly party?: string | undefined
  /** Since when its time rests, too: RFC 3339. */
  readonly pausedAt?: string | undefined
  /** The decision that is pending. */
  readonly pending?: CaseDecision | undefined
  /** Where it waits, if it waits for people. */
  readonly place?: CasePlace | undefined
  /** Until when it rests: RFC 3339. */
  readonly snoozedUntil?: string | undefined
  /** What its kind tells the register of parties of whom it is about. */
  readonly standing?: CaseStanding | undefined
  /** Why what is sealed is not told, though it was asked for. */
  readonly withheld?: string | undefined
}

/** A vote. */
export interface CaseVote {
  /** Whose. */
  readonly by: string
  /** As what. */
  readonly role: string
  /** When: RFC 3339. */
  readonly at: string
  /** With which reason codes. */
  readonly reasons: readonly string[]
}

/** What came of letting time pass. */
export interface CasesAdvanced {
  /** How many cases changed. */
  readonly changed: number
  /** What the host is to do, in order. */
  readonly effects: readonly CaseEffect[]
  /** The cases that refused: each stands as it was, and is due still. Of those with the code `register`, the register of parties could not be told what follows from them yet. */
  readonly refused: readonly CaseOutcome[]
  /** Whether more is due. */
  readonly more: boolean
}

/** What deciding all cases once more came to. */
export interface CasesReplayed {
  /** How many facts there are: kinds, the register of staff, and changes. */
  readonly facts: number
  /** How many changes were decided once more. */
  readonly changes: number
  /** How many cases they are of. */
  readonly cases: number
  /** Whether everything came to the same, to the byte. */
  readonly same: boolean
  /** What did not, the first first; at most 100 are told. */
  readonly differences: readonly CaseDifference[]
  /** How many changes could not be decided, because they were sealed to someone who was forgotten. */
  readonly subjectForgotten: number
  /** The digest of all cases as they came to be. */
  readonly digest: string
}

/** What verifying found of cases. */
export interface CasesReport {
  /** How many facts there are: kinds, the register of staff, and changes. */
  readonly facts: number
  /** Records that they take. */
  readonly records: number
  /** The root of the Merkle tree over those, in hexadecimal. */
  readonly root: string
}

/** Changes, in order. */
export interface ChangePage {
  /** How often the rollup was defined: numbers begin again with it. */
  readonly version: number
  /** The changes. */
  readonly changes: readonly ChangeView[]
  /** The `after` of the next question. */
  readonly next: number
  /** How many of those asked for are not there any more. */
  readonly lost: number
}

/** A change. */
export interface ChangeView {
  /** Its number, from one. */
  readonly number: number
  /** `closed`, `revised` or `refused`. */
  readonly kind: string
  /** Of which symbol. */
  readonly symbol: string
  /** Of a trade that was refused: when it was. */
  readonly at?: Timestamp | undefined
  /** Why: of a bucket `late`, `corrected` or `removed`; of a trade `late`, `expired`, `differs`, `not_found`, `not_kept`, `out_of_range` or `overflow`. */
  readonly cause?: string | undefined
  /** Of a trade that was refused: the number that the market gave it. */
  readonly id?: string | undefined
  /** Of a bucket that was changed: for the how manieth time. */
  readonly revision?: number | undefined
  /** Of a bucket: when it begins. */
  readonly start?: Timestamp | undefined
  /** Of a bucket: how wide it is. */
  readonly width?: string | undefined
}

/** Something that a chart asks for. */
export interface ChartEffect {
  /** What: `send` a message, `invoke` a service, `cancel_invoke` one, `forward` an event to one, `log` something, or the session is `done`. */
  readonly kind: string
  /** The session that asks for it. */
  readonly session: string
  /** What is carried: the text of JSON, whose numbers are exact. */
  readonly data?: string | undefined
  /** The id of the message or service. */
  readonly id?: string | undefined
  /** The event's name, or what a line of the log is about. */
  readonly name?: string | undefined
  /** Where the service is to be found. */
  readonly src?: string | undefined
  /** Where the message goes. */
  readonly target?: string | undefined
  /** What kind of processor or service it is for. */
  readonly type?: string | undefined
}

/** What is probably wrong in a chart. */
export interface ChartFinding {
  /** The rule that found it. */
  readonly rule: string
  /** How grave it is: `error`, `warning` or `hint`. */
  readonly severity: string
  /** Where, as a path. */
  readonly path: string
  /** The row; zero where the chart was not read from a text. */
  readonly row: number
  /** The column. */
  readonly column: number
  /** What is wrong. */
  readonly message: string
  /** How to mend it. */
  readonly hint: string
}

/** A guard that was asked. */
export interface ChartGuard {
  /** The path of its transition. */
  readonly path: string
  /** What it read: the name and the text of JSON. */
  readonly read: readonly ChartRead[]
  /** Whether it held; none if that could not be told, which is a no. */
  readonly held?: boolean | undefined
}

/** Expressions that were evaluated in one place. */
export interface ChartMapping {
  /** The path of the action, timer, invocation, variable or final state that has them. */
  readonly path: string
  /** What they read: the name and the text of JSON. */
  readonly read: readonly ChartRead[]
  /** Whether it held, of a condition (`if`) that could be told. */
  readonly held?: boolean | undefined
}

/** A microstep. */
export interface ChartMicrostep {
  /** The session whose it is. */
  readonly session: string
  /** The guards that were asked, in order. */
  readonly guards: readonly ChartGuard[]
  /** The paths of the transitions that were taken. */
  readonly taken: readonly string[]
  /** The states that were left, in order. */
  readonly exited: readonly string[]
  /** The states that were entered, in order. */
  readonly entered: readonly string[]
  /** What else was evaluated and read something, in order: of actions, delays, and what services, messages and ends are told. */
  readonly mappings: readonly ChartMapping[]
  /** What went wrong, with the path where: each was an event `error.…` of the chart, too. */
  readonly faults: readonly string[]
  /** The event that it answers; none if none was needed. */
  readonly event?: string | undefined
}

/** A timer or a delayed event that waits. */
export interface ChartPending {
  /** The session that it belongs to. */
  readonly session: string
  /** When it is due: RFC 3339. */
  readonly due: string
  /** The event. */
  readonly event: string
  /** What becomes of it when its session rests: `deadline`, `remaining` or `restart`. */
  readonly restore: string
}

/** A value that a guard read. */
export interface ChartRead {
  /** What was asked for. */
  readonly name: string
  /** What it was: the text of JSON. */
  readonly value: string
}

/** What a session is. */
export interface ChartSession {
  /** The session, to be kept and given back with the next event. It names the version of its chart. */
  readonly session: string
  /** Its id. */
  readonly id: string
  /** Whether it has come to an end. */
  readonly done: boolean
  /** The active states without children, in document order. */
  readonly states: readonly string[]
  /** All active states, in document order. */
  readonly configuration: readonly string[]
  /** Its variables: the text of a JSON object, whose numbers are exact. */
  readonly data: string
  /** What waits for its time, in the order in which it is due. */
  readonly pending: readonly ChartPending[]
}

/** What came of a step. */
export interface ChartStep {
  /** What the session is now. */
  readonly at: ChartSession
  /** Whether the event was heard: a transition was taken for it, or something that was invoked was told. */
  readonly heard: boolean
  /** What is to be done, in order, once the session is kept. */
  readonly effects: readonly ChartEffect[]
  /** What went wrong in expressions, with the path where: a guard that fails does not hold, an action that fails ends its block. */
  readonly faults: readonly string[]
  /** What happened, where that was asked for. */
  readonly trace: readonly ChartMicrostep[]
}

/** A chart in some form. */
export interface ChartText {
  /** The text. */
  readonly text: string
}

/** A chart that was loaded. */
export interface ChartView {
  /** Its name; empty where it has none. */
  readonly id: string
  /** What it says of itself; empty where it says nothing. */
  readonly description: string
  /** What names this content and no other, in hexadecimal: a session belongs to it. */
  readonly digest: string
  /** Its states in document order. */
  readonly states: readonly string[]
  /** Its variables. */
  readonly variables: readonly string[]
  /** The events that it waits for, by name; without those of its own timers, and `done.…` and `error.…`. */
  readonly events: readonly string[]
}

/** The digest of the state. */
export interface Checked {
  /** The digest of the state, in hexadecimal: the same on every machine and in every language. */
  readonly stateHash: string
}

/** A verdict on record. */
export interface Decided {
  /** The decision's id. */
  readonly decisionId: string
  /** The verdict. */
  readonly verdict: Verdict
}

/** How often something was decided, why, and how long it took. */
export interface DecisionReport {
  /** The kind of case. */
  readonly kind: string
  /** The decision. */
  readonly decision: string
  /** How often it was taken. */
  readonly taken: number
  /** How often with each reason code. */
  readonly reasons: readonly ReasonCount[]
  /** The shortest time in which it was taken, in whole seconds from when the case came to its queue. */
  readonly leastSeconds: number
  /** The time in which half of them were. */
  readonly medianSeconds: number
  /** The time in which nine of ten were. */
  readonly ninetiethSeconds: number
  /** The longest. */
  readonly mostSeconds: number
  /** How often it was taken after the time that its queue gives. */
  readonly late: number
}

/** What verifying found of decisions on record. */
export interface DecisionsReport {
  /** How many decisions there are. */
  readonly decisions: number
  /** Records that they take. */
  readonly records: number
  /** The root of the Merkle tree over those, in hexadecimal. */
  readonly root: string
}

/** A description and metadata that were opened, or why they were not. */
export interface DetailView {
  /** On what ground they are held. */
  readonly basis: Basis
  /** The account whose they are: its key or id. */
  readonly account?: string | undefined
  /** The description; of an account, the name. */
  readonly description?: string | undefined
  /** Why there is nothing: their key is lost. */
  readonly lost?: string | undefined
  /** The metadata. */
  readonly metadata: Readonly<Record<string, string>>
  /** The retention class that says so, if one does. */
  readonly retention?: string | undefined
  /** The transfer whose they are: its key or id. */
  readonly transfer?: string | undefined
  /** The years for which a law has them kept after the relationship ended. */
  readonly years?: number | undefined
}

/** How much of a list is left out. */
export interface DiffMore {
  /** The list, such as `documents`. */
  readonly list: string
  /** How many entries are left out. */
  readonly entries: number
}

/** A file or a name that comes, goes or changes. */
export interface DiffName {
  /** The name. */
  readonly name: string
  /** How it changes. */
  readonly change: DiffChange
}

/** A package. */
export interface DiffPackage {
  /** Its path, such as `data.aml`. */
  readonly package: string
  /** How it changes. */
  readonly change: DiffChange
  /** How its own annotations change, at most 32 rows. */
  readonly notes: readonly DiffRow[]
  /** How many rows of them are left out. */
  readonly notesMore: number
}

/** A part of a document. */
export interface DiffRow {
  /** Its JSON pointer. */
  readonly pointer: string
  /** How it changes. */
  readonly change: DiffChange
  /** Its JSON text after. */
  readonly after?: string | undefined
  /** Its JSON text before, of a long one the beginning and `…`. */
  readonly before?: string | undefined
}

/** The rules of one name. */
export interface DiffRule {
  /** Their path, such as `data.aml.verdict`. */
  readonly path: string
  /** Their package. */
  readonly package: string
  /** How they change. */
  readonly change: DiffChange
  /** Where those stand before that have no equal after, at most 32. */
  readonly before: readonly DiffSite[]
  /** Where those stand after that have no equal before, at most 32. */
  readonly after: readonly DiffSite[]
  /** How their annotations change, at most 32 rows. */
  readonly notes: readonly DiffRow[]
  /** How many rows of them are left out. */
  readonly notesMore: number
}

/** Where a rule stands. */
export interface DiffSite {
  /** The module. */
  readonly file: string
  /** The row. */
  readonly row: number
}

/** A field of typed rules. Whole numbers are told as texts. */
export interface DiffTyped {
  /** The program's path, such as `limits/verdict`. */
  readonly path: string
  /** The part, such as `rules`; empty where the whole program comes or goes. */
  readonly part: string
  /** Which of them, such as `limits/day`; of `rules`, empty where their order changes. */
  readonly name: string
  /** The field's JSON pointer in it; empty where all of it comes or goes. */
  readonly field: string
  /** How it changes. */
  readonly change: DiffChange
  /** Its JSON text after. */
  readonly after?: string | undefined
  /** Its JSON text before. */
  readonly before?: string | undefined
}

/** A version of a policy. */
export interface DiffVersion {
  /** The bundle's name for it; empty where it has none. */
  readonly revision: string
  /** What names this content and no other, in hexadecimal. */
  readonly digest: string
}

/** How documents of a name stand. */
export interface DocumentReport {
  /** The kind of case. */
  readonly kind: string
  /** The document. */
  readonly document: string
  /** How many are asked for. */
  readonly requested: number
  /** How many were handed in. */
  readonly submitted: number
  /** How many are good. */
  readonly approved: number
  /** How many are not. */
  readonly rejected: number
  /** How many did not come in time, or are not valid any more. */
  readonly expired: number
  /** How often somebody has looked at one, since the log began. */
  readonly lookedAt: number
  /** The shortest time for which one had waited for that, in whole seconds from when it was handed in. */
  readonly leastSeconds: number
  /** The time for which half of them had. */
  readonly medianSeconds: number
  /** The time for which nine of ten had. */
  readonly ninetiethSeconds: number
  /** The longest. */
  readonly mostSeconds: number
}

/** One line of a statement, or of a history. */
export interface EntryView {
  /** Its place in the log. */
  readonly sequence: number
  /** When. */
  readonly timestamp: Timestamp
  /** What: `post`, `hold`, `capture`, `release`, `expiry`. */
  readonly what: string
  /** The transfer's key, or its id; of a transfer that is part of a transaction, the transaction's. */
  readonly transfer: string
  /** The other account. */
  readonly counterparty: string
  /** The account's side of it: `debit` or `credit`. */
  readonly side: string
  /** How much was posted, held, captured or released, with its asset. */
  readonly amount: Money
  /** How much the booked balance changed, on the account's normal side. */
  readonly change: Money
  /** The booked balance after it. */
  readonly balance: Money
  /** The balance less what is held against it. */
  readonly available: Money
  /** The date that the books give it. */
  readonly effectiveDate: string
  /** The description, where that is public. */
  readonly description: string
  /** Which part of its transaction it is, such as `2/5`; nothing for a transfer of its own. */
  readonly part?: string | undefined
  /** The party to which the rest of the description and the metadata is sealed: `read_data` opens it. */
  readonly subject?: string | undefined
}

/** A field that was taken down, without its value. */
export interface FieldView {
  /** Its name. */
  readonly name: string
  /** What it is held for. */
  readonly purpose: string
  /** On what ground. */
  readonly basis: Basis
  /** The years for which a law has it kept after the relationship ended. */
  readonly years?: number | undefined
  /** The retention class that says so, if one does. */
  readonly retention?: string | undefined
}

/** A decision that another version of a policy decides otherwise. */
export interface Flip {
  /** The decision. */
  readonly decisionId: string
  /** The path that was asked for. */
  readonly path: string
  /** The outcome on record: `allow`, `review`, `deny`, or `undecided`. */
  readonly was: string
  /** The outcome of the other version. */
  readonly now: string
  /** Its reasons; of a shadow, none where the decision is sealed. */
  readonly reasons: readonly FlipReason[]
}

/** A reason of a version that decides otherwise. */
export interface FlipReason {
  /** Its number. */
  readonly code: number
  /** The rule, such as `aml/structuring`. */
  readonly rule: string
}

/** What was forgotten, and when. */
export interface ForgottenView {
  /** How much. */
  readonly scope: ForgetScope
  /** When. */
  readonly timestamp: Timestamp
}

/** Who may read the access log. */
export interface GrantView {
  /** Who: the actor of their requests. */
  readonly actor: string
  /** Whose access log; of all parties, where there is none: a key or an id. */
  readonly party?: string | undefined
  /** Until when. */
  readonly until: Timestamp
  /** When it was granted. */
  readonly granted: Timestamp
}

/** What became of something that was handed in, as the customer is told. */
export interface HandInOutcome {
  /** The device's key of it. */
  readonly key: string
  /** Whether the case has it. */
  readonly ok: boolean
  /** Whether the case had it before: the answer to a retry. */
  readonly replayed: boolean
  /** Why not, a stable name: `not_permitted`, `invalid`, `ended`, `document`, `attempts`, `unheard`, `instant`, `text`, `other_request`, `stale`, `unkept` or `refused`. */
  readonly code?: string | undefined
  /** The field at fault. */
  readonly field?: string | undefined
  /** Why not, for people. */
  readonly reason?: string | undefined
}

/** How an open ledger is. */
export interface Health {
  /** What it can do. */
  readonly condition: Condition
  /** Events that were decided. */
  readonly events: number
  /** Those of them that are not durable yet. */
  readonly notDurable: number
  /** Bytes of history in memory. They go into parts when there are enough of them. */
  readonly historyBytes: number
  /** Whether history waits in memory because parts are written later than it is cut: what writes is faster than the disk can follow. */
  readonly isLagging: boolean
  /** Whether less is left than `disk_reserve`: time to make room. */
  readonly diskIsLow: boolean
  /** Why the history could not be put into a part last time: it stays in memory until it can. */
  readonly archiveFailed?: string | undefined
  /** Bytes left on the disk, where the system tells. */
  readonly diskLeft?: number | undefined
  /** Why it has stopped. */
  readonly why?: string | undefined
}

/** Entries in the order asked for, and where the next page begins. */
export interface HistoryPage {
  /** The account's key, or its id. */
  readonly account: string
  /** The code of its asset. */
  readonly asset: string
  /** The entries. */
  readonly entries: readonly EntryView[]
  /** What the next page comes after; nothing at the end. */
  readonly next?: number | undefined
}

/** A party that has an account. */
export interface HolderView {
  /** The party's key, or its id. */
  readonly party: string
  /** What it may do. */
  readonly role: AccountRole
  /** Since which date. */
  readonly since?: string | undefined
  /** Until which date, that day included. */
  readonly until?: string | undefined
}

/** What has become of trades. */
export interface IngestReport {
  /** How many are new. */
  readonly taken: number
  /** How many had been taken before: these count once. */
  readonly again: number
  /** How many were not taken. */
  readonly refused: number
  /** The first thousand of those. */
  readonly faults: readonly RowFaultView[]
}

/** What became of an intent. */
export interface IntentOutcome {
  /** The device's key of it. */
  readonly key: string
  /** The customer's view of the outcome. */
  readonly outcome: Outcome
}

/** What became of the cases of a kind. */
export interface KindReport {
  /** The kind. */
  readonly kind: string
  /** How many were opened. */
  readonly opened: number
  /** How many of them go on. */
  readonly open: number
  /** How many of these wait in no queue. */
  readonly elsewhere: number
  /** How many came to an end. */
  readonly ended: number
  /** How many were ended from outside. */
  readonly cancelled: number
  /** How often one was opened again. */
  readonly reopened: number
}

/** A kind of case. */
export interface KindView {
  /** Its name. */
  readonly kind: string
  /** What it is for. */
  readonly description: string
  /** The digest of this version: of the kind, and of its charts. */
  readonly digest: string
  /** The chart that its cases run on. */
  readonly chart: string
  /** Its queues, in their order. */
  readonly queues: readonly string[]
  /** What can be decided. */
  readonly decisions: readonly string[]
  /** The documents that it knows. */
  readonly documents: readonly string[]
  /** The kind as JSON. */
  readonly text: string
}

/** Candles, oldest first. */
export interface KlinePage {
  /** The candles. */
  readonly klines: readonly KlineView[]
  /** Where to go on, if there are more. */
  readonly next?: Timestamp | undefined
}

/** A candle. */
export interface KlineView {
  /** When the bucket begins. */
  readonly start: Timestamp
  /** When the next begins. */
  readonly end: Timestamp
  /** The first price. */
  readonly open: string
  /** The highest price. */
  readonly high: string
  /** The lowest price. */
  readonly low: string
  /** The last price. */
  readonly close: string
  /** How much was traded. */
  readonly volume: string
  /** What was paid for it. */
  readonly turnover: string
  /** How many trades. */
  readonly trades: number
  /** How much buyers are known to have taken. */
  readonly buyVolume: string
  /** What was paid for that. */
  readonly buyTurnover: string
  /** How much sellers are known to have taken. */
  readonly sellVolume: string
  /** What was paid for that. */
  readonly sellTurnover: string
  /** Whether the watermark has passed its end. */
  readonly closed: boolean
  /** How often it was changed since. */
  readonly revision: number
  /** The average price, weighted by quantities (VWAP). */
  readonly average?: string | undefined
}

/** A legal hold. */
export interface LegalHoldView {
  /** Its name. */
  readonly name: string
  /** Until which date, that day included; until it is lifted, where there is none. */
  readonly until?: string | undefined
  /** Why. */
  readonly reason: string
  /** When it was placed. */
  readonly placed: Timestamp
}

/** A policy that a ledger decides by. */
export interface LoadedPolicy {
  /** Its name. */
  readonly name: string
  /** The version in force. */
  readonly current: PolicyVersion
  /** Those that were in force before, the newest first: what can be gone back to. */
  readonly former: readonly PolicyVersion[]
  /** What is tried out beside it. */
  readonly shadow?: ShadowView | undefined
}

/** A key that cannot be had. */
export interface LostKey {
  /** Whose it is; of a key of the tenant's own, its number. */
  readonly subject: string
  /** Which of theirs; none of a key of the tenant's own. */
  readonly basis?: Basis | undefined
  /** Why not, and what to do. */
  readonly why: string
}

/** Why cases cannot be moved. */
export interface MigrationRefused {
  /** Why: a code, a promise. */
  readonly code: string
  /** The same in words, of the first of them. */
  readonly why: string
  /** How many. */
  readonly cases: number
  /** The first of them, by its key. */
  readonly example: string
}

/** What would become of cases that were moved to the newest version of their kind. */
export interface MigrationRehearsed {
  /** How many open cases are not in the newest version. */
  readonly cases: number
  /** How many of them can be moved. */
  readonly movable: number
  /** Why the others cannot, at most 100 reasons. */
  readonly refused: readonly MigrationRefused[]
}

/** A machine-readable zone that was read. */
export interface MrzView {
  /** `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`. */
  readonly format: string
  /** The document code, such as `P`. */
  readonly documentCode: string
  /** Who issued it: a code of ICAO 9303, as it stands. */
  readonly issuer: string
  /** Its number. */
  readonly number: string
  /** The primary identifier: the last names as a rule. */
  readonly primary: string
  /** The secondary identifier: the given names as a rule. */
  readonly secondary: string
  /** Whether the names may have been cut off. */
  readonly namesTruncated: boolean
  /** The nationality: a code of ICAO 9303, as it stands. */
  readonly nationality: string
  /** `female`, `male` or `unspecified`. */
  readonly sex: string
  /** `valid`, `expired` or `unknown`, on the day that was given. */
  readonly status: string
  /** Whether every check digit is right. */
  readonly valid: boolean
  /** The check digits that are not. */
  readonly wrong: readonly string[]
  /** What else stands there. */
  readonly optional: readonly string[]
  /** The day of birth, `YYYY-MM-DD`; none, where part of it is not known. */
  readonly born?: string | undefined
  /** The last day on which it is valid, `YYYY-MM-DD`. */
  readonly expires?: string | undefined
}

/** What has to be done; `type` says what, and which of the other fields there are. */
export interface Obligation {
  /** What. */
  readonly type: ObligationType
  /** `approvals`: how many. */
  readonly count?: number | undefined
  /** `step_up`: which factor. */
  readonly factor?: string | undefined
  /** `open_case`: of which kind. */
  readonly kind?: string | undefined
  /** `open_case`: in which queue. */
  readonly queue?: string | undefined
  /** `draft_report`: which report. */
  readonly report?: string | undefined
  /** `approvals`: in which role they are. */
  readonly role?: string | undefined
  /** `hold`: for how many seconds. */
  readonly seconds?: number | undefined
  /** `notify`: which topic. */
  readonly topic?: string | undefined
  /** `freeze`: until when. */
  readonly until?: Timestamp | undefined
}

/** What became of a command. */
export interface Outcome {
  /** Whether what was asked for stands in the books. */
  readonly ok: boolean
  /** The status's stable name; `invalid` for a command that could not be read, `not_permitted` for one that its sender may not ask for. */
  readonly status: string
  /** The status's stable number. */
  readonly number: number
  /** Whether it stood there before: the answer to a retry. */
  readonly replayed: boolean
  /** The account at fault. */
  readonly account?: string | undefined
  /** How much moved, with its asset. */
  readonly amount?: Money | undefined
  /** The field at fault, for a command that could not be read or was not permitted. */
  readonly field?: string | undefined
  /** What it had to spend. */
  readonly have?: Money | undefined
  /** The record's id. */
  readonly id?: string | undefined
  /** The record's key. */
  readonly key: string
  /** What was asked for. */
  readonly need?: Money | undefined
  /** Why not, for people. */
  readonly reason?: string | undefined
  /** Its place in the log. */
  readonly sequence?: number | undefined
  /** When it was booked. */
  readonly timestamp?: Timestamp | undefined
}

/** Personal data of a party, as it is given to the person: Art. 15 of the GDPR. */
export interface PartyExport {
  /** What is known of the party. */
  readonly party: PartyView
  /** The personal data. */
  readonly data: PersonalData
  /** Who read it before, oldest first; the newest 10,000 readings. */
  readonly accesses: readonly AccessView[]
}

/** Parties by their ids, and where the next page begins. */
export interface PartyPage {
  /** The parties. */
  readonly parties: readonly PartyView[]
  /** What the next page comes after; nothing at the end. */
  readonly next?: string | undefined
}

/** A party. */
export interface PartyView {
  /** Its id. */
  readonly id: string
  /** The caller's name for it; empty: none. */
  readonly key: string
  /** What it is. */
  readonly kind: PartyKind
  /** The broker whose client it is: its key, or its id. */
  readonly broker?: string | undefined
  /** How far it was identified; zero: not at all. */
  readonly kycLevel: number
  /** How much risk it is, once that is known. */
  readonly risk?: RiskLevel | undefined
  /** Its flags. */
  readonly flags: readonly string[]
  /** When it was registered. */
  readonly registered: Timestamp
  /** The date on which the business relationship ended. */
  readonly ended?: string | undefined
  /** The last day on which a law has it kept, once the relationship has ended; none where no law keeps anything. */
  readonly keptUntil?: string | undefined
  /** The records that were merged into it: their keys, or their ids. */
  readonly merged: readonly string[]
  /** What was forgotten of it. */
  readonly forgotten?: ForgottenView | undefined
  /** Its legal holds. */
  readonly holds: readonly LegalHoldView[]
  /** What was taken down of it, without the values. */
  readonly fields: readonly FieldView[]
  /** Its accounts. */
  readonly accounts: readonly AccountOfView[]
  /** What it is to other parties. */
  readonly relations: readonly RelationView[]
  /** What other parties are to it. */
  readonly related: readonly RelationView[]
}

/** How often somebody voted for a decision that was taken, and why. */
export interface PersonDecision {
  /** The kind of case. */
  readonly kind: string
  /** The decision. */
  readonly decision: string
  /** How often they voted for it. */
  readonly voted: number
  /** How often with each reason code. */
  readonly reasons: readonly ReasonCount[]
}

/** How often somebody found the same of a document, and why. */
export interface PersonDocument {
  /** The kind of case. */
  readonly kind: string
  /** The document. */
  readonly document: string
  /** What they found: `approve`, `reject` or `revise`. */
  readonly finding: string
  /** How often. */
  readonly found: number
  /** How often with each reason code. */
  readonly reasons: readonly ReasonCount[]
}

/** What somebody does. */
export interface PersonReport {
  /** Who. */
  readonly person: string
  /** Whether they are on the register of staff. */
  readonly registered: boolean
  /** How many cases they work on. */
  readonly assigned: number
  /** In how many decisions that were taken they voted. */
  readonly voted: number
  /** In how many that are pending. */
  readonly pending: number
  /** What they voted for of what was taken. */
  readonly decisions: readonly PersonDecision[]
  /** What they found of documents that they looked at. */
  readonly documents: readonly PersonDocument[]
}

/** Personal data of a party. */
export interface PersonalData {
  /** The party's key, or its id. */
  readonly party: string
  /** The fields, by their names. */
  readonly fields: readonly PersonalView[]
  /** What transfers and accounts say in words. */
  readonly details: readonly DetailView[]
}

/** A field that was opened, or why it was not. */
export interface PersonalView {
  /** Its name. */
  readonly name: string
  /** The value. */
  readonly value?: string | undefined
  /** What it is held for. */
  readonly purpose: string
  /** On what ground. */
  readonly basis: Basis
  /** Why there is no value: its key is lost. */
  readonly lost?: string | undefined
}

/** Which rows of the modules the tests ran. */
export interface PolicyCoverage {
  /** The modules, by name. */
  readonly files: readonly PolicyFileCoverage[]
  /** Of all rows, those that were run, in hundredths of a percent and rounded down: 10,000 is all. */
  readonly basisPoints?: number | undefined
}

/** What changes from one version of a policy to another. Of each list the first 1,000 entries are told. */
export interface PolicyDiff {
  /** The version before. */
  readonly before: DiffVersion
  /** The version after. */
  readonly after: DiffVersion
  /** Whether nothing changes at all. */
  readonly empty: boolean
  /** Whether nothing changes but how it is written, and the revision. */
  readonly same: boolean
  /** The roots that come or go. */
  readonly roots: readonly DiffName[]
  /** The manifest's metadata, by JSON pointer. */
  readonly metadata: readonly DiffRow[]
  /** The files. */
  readonly files: readonly DiffName[]
  /** The packages. */
  readonly packages: readonly DiffPackage[]
  /** The rules, by path. */
  readonly rules: readonly DiffRule[]
  /** What is annotated as an entry point. */
  readonly entryPoints: readonly DiffName[]
  /** The documents under `data`, by JSON pointer. */
  readonly documents: readonly DiffRow[]
  /** The typed rules, field by field. */
  readonly typed: readonly DiffTyped[]
  /** What is left out of lists that are longer. */
  readonly more: readonly DiffMore[]
}

/** Why an answer is what it is. */
export interface PolicyExplanation {
  /** Whether there is an answer. */
  readonly defined: boolean
  /** The rules and expressions in the order in which they were run. */
  readonly steps: readonly PolicyStep[]
  /** The same as text, a line each, set in by their depth. */
  readonly text: string
  /** What `print` and `trace` said, a line each. */
  readonly said: string
  /** Whether there were more steps than there was room for. */
  readonly cut: boolean
  /** Why the evaluation came to no end. */
  readonly error?: string | undefined
  /** The answer as JSON text, numbers to the digit. */
  readonly result?: string | undefined
}

/** A fact that a program of typed rules knows. */
export interface PolicyFact {
  /** Its name, such as `amount`. */
  readonly name: string
  /** Its type: `text`, `texts`, `bool`, `units` (whole numbers) or `instant`. */
  readonly type: string
  /** Whether a request without it is denied. */
  readonly needed: PolicyNeed
}

/** Which rows of a module the tests ran. */
export interface PolicyFileCoverage {
  /** The module. */
  readonly file: string
  /** The rows that were run. */
  readonly covered: readonly PolicyRows[]
  /** The rows that never were. */
  readonly notCovered: readonly PolicyRows[]
  /** Of its rows, those that were run, in hundredths of a percent and rounded down. */
  readonly basisPoints?: number | undefined
}

/** What is probably wrong in a policy that loads. */
export interface PolicyFinding {
  /** The linter's rule, such as `unused-import`. */
  readonly id: string
  /** The module. */
  readonly file: string
  /** The row. */
  readonly row: number
  /** What is wrong. */
  readonly message: string
  /** How to mend it. */
  readonly hint: string
}

/** A program of typed rules. */
export interface PolicyProgram {
  /** The path of its verdict, such as `limits/verdict`. */
  readonly path: string
  /** The file. */
  readonly file: string
  /** The facts that it knows. */
  readonly facts: readonly PolicyFact[]
}

/** Rows next to each other. */
export interface PolicyRows {
  /** The first. */
  readonly first: number
  /** The last. */
  readonly last: number
}

/** The rules of one name. */
export interface PolicyRule {
  /** The name, such as `data.aml.verdict`. */
  readonly name: string
  /** What they make together. */
  readonly makes: PolicyRuleKind
  /** How many there are, without the default. */
  readonly count: number
  /** The module of the first. */
  readonly file: string
  /** The row of the first. */
  readonly row: number
}

/** A rule or an expression that was run. */
export interface PolicyStep {
  /** How deep it stands in the tree. */
  readonly depth: number
  /** The module. */
  readonly file: string
  /** The row. */
  readonly row: number
  /** What it is, with its values. */
  readonly text: string
  /** What became of it; none of what was not run. */
  readonly became?: PolicyStepOutcome | undefined
}

/** A test. */
export interface PolicyTest {
  /** Its name. */
  readonly name: string
  /** What became of it. */
  readonly outcome: PolicyTestOutcome
  /** The module. */
  readonly file: string
  /** The row. */
  readonly row: number
  /** Why it did not pass, where there is more to say: the cases that are not true, or the error. */
  readonly why?: string | undefined
}

/** What the tests of a bundle came to. */
export interface PolicyTests {
  /** How many passed. */
  readonly passed: number
  /** How many failed, or came to no end. */
  readonly failed: number
  /** How many are yet to be done. */
  readonly skipped: number
  /** The tests, by file and row. */
  readonly tests: readonly PolicyTest[]
  /** Which rows of the modules they ran, where that was asked for. */
  readonly coverage?: PolicyCoverage | undefined
}

/** A version of a policy. */
export interface PolicyVersion {
  /** The bundle's name for this version; empty where it has none. */
  readonly revision: string
  /** What names this content and no other, in hexadecimal. */
  readonly digest: string
  /** When it was loaded. */
  readonly loaded: Timestamp
}

/** A policy that was loaded. */
export interface PolicyView {
  /** The bundle's name for this version; empty where it has none. */
  readonly revision: string
  /** What names this content and no other, in hexadecimal. */
  readonly digest: string
  /** The paths under `data` that the bundle owns; an empty one is all of it. */
  readonly roots: readonly string[]
  /** The rules, by file and row. */
  readonly rules: readonly PolicyRule[]
  /** The programs of typed rules, by path. */
  readonly typed: readonly PolicyProgram[]
}

/** What waits in a queue. */
export interface QueueReport {
  /** The kind of case. */
  readonly kind: string
  /** The queue. */
  readonly queue: string
  /** How many cases wait in it. */
  readonly cases: number
  /** How many of them less than a day. */
  readonly underADay: number
  /** How many one to three days. */
  readonly oneToThreeDays: number
  /** How many three to seven days. */
  readonly threeToSevenDays: number
  /** How many seven to thirty days. */
  readonly sevenToThirtyDays: number
  /** How many thirty days or more. */
  readonly thirtyDaysOrMore: number
  /** How many have waited too long. */
  readonly overdue: number
  /** On how many nobody works. */
  readonly unassigned: number
  /** How many rest. */
  readonly snoozed: number
  /** Since when the oldest does: RFC 3339. */
  readonly oldest?: string | undefined
}

/** A queue in which cases wait. */
export interface QueueView {
  /** Its name. */
  readonly queue: string
  /** How many cases wait in it, without those that rest. */
  readonly waiting: number
  /** How many rest. */
  readonly snoozed: number
  /** How many of those that wait nobody works on. */
  readonly unassigned: number
  /** How many of them have waited too long. */
  readonly overdue: number
  /** Since when the oldest waits, also of those that rest: RFC 3339. */
  readonly oldest: string
}

/** Why it is decided so. */
export interface Reason {
  /** The number of the reason: `Code` has those of typed rules, and documents have their own from 10,000 on. */
  readonly code: number
  /** The rule, such as `aml/structuring`. */
  readonly rule: string
  /** Who may be told. */
  readonly audience: Audience
  /** How grave it is. */
  readonly severity: Severity
  /** One sentence. */
  readonly message: string
  /** What it rests on, in order. */
  readonly facts?: readonly ReasonFact[] | undefined
}

/** How often a reason was given. */
export interface ReasonCount {
  /** Its code. */
  readonly reason: string
  /** How often. */
  readonly count: number
}

/** A name and a value that a reason rests on. */
export interface ReasonFact {
  /** The name, such as `remaining`. */
  readonly name: string
  /** The value as text, such as `18500`. */
  readonly value: string
}

/** What a party is to another. */
export interface RelationView {
  /** The other party's key, or its id. */
  readonly party: string
  /** The role. */
  readonly role: RelationRole
  /** Since which date. */
  readonly since?: string | undefined
  /** Until which date, that day included. */
  readonly until?: string | undefined
  /** The share in percent. */
  readonly share?: string | undefined
}

/** What another policy would have decided. */
export interface ReplayReport {
  /** How many decisions were decided once more. */
  readonly decisions: number
  /** How many of these came to the same, for the same reasons. */
  readonly same: number
  /** How many have the same outcome for other reasons, or with other obligations. */
  readonly changed: number
  /** How many have another outcome. */
  readonly flipped: number
  /** How many could not be decided, because they were sealed to someone who was forgotten. */
  readonly subjectForgotten: number
  /** How many could not be decided for another reason: a key that is lost, an answer that this build cannot read, or a party of whom no reading can be recorded. */
  readonly unreadable: number
  /** Those with another outcome, the oldest first, as many as were asked for. */
  readonly flips: readonly Flip[]
}

/** What was restored, and verified. */
export interface RestoreReport {
  /** Always true. */
  readonly ok: boolean
  /** Events in the new journal. */
  readonly events: number
  /** Events in the backup. */
  readonly of: number
  /** Accounts in the books. */
  readonly accounts: number
  /** Transfers in them. */
  readonly transfers: number
  /** The root of the log's Merkle tree, in hexadecimal. */
  readonly root: string
  /** The digest of the state, in hexadecimal. */
  readonly stateHash: string
  /** The generation of the new journal. */
  readonly generation: number
}

/** A retention class. */
export interface RetentionView {
  /** Its name. */
  readonly name: string
  /** The years for which the law has data kept after the business relationship ended. */
  readonly years: number
  /** The law that says so; empty: not said. */
  readonly law: string
  /** When it was defined, or changed last. */
  readonly defined: Timestamp
}

/** The risk of a customer. */
export interface RiskScore {
  /** The score: a decimal number. */
  readonly score: string
  /** The level that it comes to. */
  readonly level: string
  /** Whether there is to be no business with the customer. */
  readonly refuse: boolean
  /** What it was made of, point by point, for people. */
  readonly explained: readonly string[]
  /** The digest of the model. */
  readonly model: string
  /** All of it: the text of a JSON object, whose numbers are exact. */
  readonly text: string
  /** When the information about the customer is to be updated: RFC 3339. */
  readonly refreshBy?: string | undefined
}

/** A rollup. */
export interface RollupView {
  /** Its name. */
  readonly name: string
  /** How often it was defined. */
  readonly version: number
  /** Widths of buckets, the finest first. */
  readonly levels: readonly string[]
  /** How far the watermark is behind the newest trade of a symbol. */
  readonly delay: string
  /** What becomes of trades whose bucket is closed. */
  readonly late: LateView
  /** Digits of prices behind the point. */
  readonly priceScale: number
  /** Digits of quantities behind the point. */
  readonly quantityScale: number
  /** How many symbols it has. */
  readonly symbols: number
  /** How many trades it took, also those that were taken back. */
  readonly trades: number
  /** For how long after the end of their bucket they are taken in. */
  readonly horizon?: string | undefined
  /** Of levels, by their width, how long their buckets are kept. */
  readonly keep: Readonly<Record<string, string>>
  /** The rollup whose trades it is made of. */
  readonly of?: string | undefined
  /** By how much buckets begin later, or earlier. */
  readonly offset?: string | undefined
  /** What those clocks show where buckets are counted from, if it is not 2000-01-03, or January 2000. */
  readonly origin?: string | undefined
  /** The time zone by whose clocks buckets begin, if it is not UTC. */
  readonly zone?: string | undefined
}

/** What verifying found of rollups. */
export interface RollupsReport {
  /** How many rollups there are. */
  readonly rollups: number
  /** Records of what happened to them. */
  readonly records: number
  /** The root of the Merkle tree over those, in hexadecimal. */
  readonly root: string
}

/** The log's size and root. */
export interface Root {
  /** Events in the log. */
  readonly events: number
  /** The root of their Merkle tree, in hexadecimal. */
  readonly root: string
}

/** A row that was not taken. */
export interface RowFaultView {
  /** Which, from zero. */
  readonly row: number
  /** The field at fault. */
  readonly field: string
  /** What is wrong, and what to do. */
  readonly message: string
}

/** Which rows there are for a principal. */
export interface RowFilter {
  /** Whether all rows, none, or those of which the condition is true. */
  readonly rows: FilteredRows
  /** The condition in PostgreSQL's SQL, with parameters: true or false of every row. It is there for all and for none, too. */
  readonly sql: string
  /** The values of the parameters in their order, each a text or a list of texts: the condition says what they are. */
  readonly parameters: readonly RowParameter[]
}

/** The value of a parameter: one of the two. */
export interface RowParameter {
  /** A text, or an exact decimal as its text. */
  readonly text?: string | undefined
  /** A list of them. */
  readonly texts?: readonly string[] | undefined
}

/** Rules of Ballerine's rule engine as a guard. */
export interface RulesImport {
  /** The guard, a rule of JSON Logic: JSON. */
  readonly guard: string
  /** How JSON Logic takes values of other kinds in it: `javascript`. */
  readonly dialect: string
}

/** What a policy that is tried out would have decided. */
export interface ShadowView {
  /** The version that is tried out. */
  readonly version: PolicyVersion
  /** How many decisions it was asked for as well. */
  readonly decisions: number
  /** How many of these it decides the same way, for the same reasons. */
  readonly same: number
  /** How many have the same outcome for other reasons, or with other obligations. */
  readonly changed: number
  /** How many have another outcome. */
  readonly flipped: number
  /** The newest of those, the newest last. */
  readonly flips: readonly Flip[]
}

/** Somebody on the register of staff. */
export interface StaffView {
  /** Who. */
  readonly person: string
  /** What they may do; nothing, if they are not on it. */
  readonly roles: readonly string[]
  /** Whether they are away and are given no work. */
  readonly away: boolean
  /** How many cases they work on. */
  readonly cases: number
}

/** An account's history over a span of time. */
export interface StatementView {
  /** The account's key, or its id. */
  readonly account: string
  /** The code of its asset. */
  readonly asset: string
  /** The balance before the first line. */
  readonly opening: Money
  /** The lines, oldest first. */
  readonly entries: readonly EntryView[]
  /** The balance after the last line. */
  readonly closing: Money
}

/** How large a ledger is. */
export interface Stats {
  /** Events in the log. */
  readonly events: number
  /** Accounts. */
  readonly accounts: number
  /** Transfers. */
  readonly transfers: number
  /** Holds that are open. */
  readonly openHolds: number
  /** The newest instant in the log. */
  readonly clock: Timestamp
  /** The number of the data key with which is encrypted what is written; zero where nothing is. */
  readonly dataKey: number
}

/** What looking at every key of a person's found. */
export interface SubjectKeysReport {
  /** People that have a key. */
  readonly subjects: number
  /** Keys that can be had, the tenant's own among them. */
  readonly keys: number
  /** Keys that were destroyed. */
  readonly destroyed: number
  /** Places in the file that were written and are not what was written. */
  readonly damaged: number
  /** The number of the tenant's key. */
  readonly generation: number
  /** Keys that are there and cannot be had; the first 1,000. */
  readonly lost: readonly LostKey[]
  /** How many there are. */
  readonly lostCount: number
}

/** Symbols, by name. */
export interface SymbolPage {
  /** The symbols. */
  readonly symbols: readonly SymbolView[]
  /** The `after` of the next page, if there is one. */
  readonly next?: string | undefined
}

/** A symbol. */
export interface SymbolView {
  /** Its name. */
  readonly symbol: string
  /** What ended by then is closed. */
  readonly watermark: Timestamp
  /** When that was traded. */
  readonly at?: Timestamp | undefined
  /** Its newest price. */
  readonly price?: string | undefined
}

/** What a device is told. */
export interface SyncReply {
  /** What became of each intent, in order. */
  readonly outcomes: readonly IntentOutcome[]
  /** What is new on each account that was asked about and is the customer's. */
  readonly accounts: readonly AccountNews[]
  /** The accounts that were asked about and are not the customer's, or not there. */
  readonly refused: readonly string[]
  /** Events in the log when this was read: how new it is. */
  readonly events: number
  /** The root of the log's Merkle tree, in hexadecimal: of these events, and perhaps of some behind them. */
  readonly root: string
  /** Events that the root is of. */
  readonly rootEvents: number
  /** The back end's time. */
  readonly time: Timestamp
  /** How each case stands that was asked about and is the customer's. */
  readonly cases?: readonly CaseNews[] | undefined
  /** What became of each hand-in, in order. */
  readonly handedIn?: readonly HandInOutcome[] | undefined
  /** The cases that were asked about and are not the customer's, or not there. */
  readonly refusedCases?: readonly string[] | undefined
}

/** What became of the rows of a table. */
export interface TableCounts {
  /** Rows. */
  readonly rows: number
  /** Of them, those that were booked. */
  readonly booked: number
  /** Those that were booked before. */
  readonly replayed: number
  /** Those that were left out. */
  readonly leftOut: number
}

/** What came out otherwise than in a table. */
export interface TableDifference {
  /** Which table: `accounts`, `transfers`, or `balances` where the accounts were compared in the end. */
  readonly table: string
  /** The row, from one. */
  readonly row: number
  /** What. */
  readonly detail: string
}

/** What came of tables that were taken in. */
export interface TablesReport {
  /** Whether everything stands in the books as in the tables. */
  readonly ok: boolean
  /** The rows of the accounts. */
  readonly accounts: TableCounts
  /** The rows of the transfers. */
  readonly transfers: TableCounts
  /** What came out otherwise. */
  readonly differences: readonly TableDifference[]
  /** Why a table was not read to its end; the rows before it were taken in. */
  readonly ended?: string | undefined
}

/** A block that was being written when the power failed. */
export interface TornReport {
  /** The file. */
  readonly file: string
  /** Where in it the block begins. */
  readonly byte: number
  /** The block's number. */
  readonly block: number
}

/** A trade as it was. */
export interface TradeView {
  /** Its symbol. */
  readonly symbol: string
  /** When it was. */
  readonly at: Timestamp
  /** The number that the market gave it. */
  readonly id: string
  /** The price. */
  readonly price: string
  /** How much was traded. */
  readonly quantity: string
  /** Who took it, where that is known. */
  readonly taker?: string | undefined
}

/** Transfers in the order asked for, and where the next page begins. */
export interface TransferPage {
  /** The transfers. */
  readonly transfers: readonly TransferView[]
  /** What the next page comes after; nothing at the end. It stays good whatever is booked. */
  readonly next?: number | undefined
}

/** A transfer. */
export interface TransferView {
  /** Its id. */
  readonly id: string
  /** The caller's key. */
  readonly key: string
  /** The account that was debited. */
  readonly from: string
  /** The account that was credited. */
  readonly to: string
  /** How much moved, with its asset. */
  readonly amount: Money
  /** What has become of it: `none` for a transfer in one step. */
  readonly state: string
  /** Seconds until a hold runs out. */
  readonly timeout: number
  /** The caller's code. */
  readonly code: number
  /** Names of its flags. */
  readonly flags: readonly string[]
  /** When it was booked. */
  readonly timestamp: Timestamp
  /** The date that the books give it. */
  readonly effectiveDate: string
  /** Its place in the log. */
  readonly sequence: number
  /** The description, where that is public. */
  readonly description: string
  /** The key of the hold that it resolves, or its id. */
  readonly hold?: string | undefined
  /** Public metadata. */
  readonly metadata: Readonly<Record<string, string>>
  /** The hold that it resolves. */
  readonly pending?: string | undefined
  /** The party to which the rest of the description and the metadata is sealed: `read_data` opens it. */
  readonly subject?: string | undefined
  /** The transaction that it is part of. */
  readonly transaction?: number | undefined
}

/** The trial balance of one asset. */
export interface TrialBalanceView {
  /** The code of the asset. */
  readonly asset: string
  /** The accounts. */
  readonly lines: readonly TrialLineView[]
  /** The sum of the left side. */
  readonly debit?: Money | undefined
  /** The sum of the right side. */
  readonly credit?: Money | undefined
  /** Whether the sides are equal. */
  readonly balanced: boolean
}

/** One line of a trial balance. */
export interface TrialLineView {
  /** The account's key, or its id. */
  readonly account: string
  /** Its kind. */
  readonly kind?: AccountKind | undefined
  /** A balance on the left side. */
  readonly debit?: Money | undefined
  /** A balance on the right side. */
  readonly credit?: Money | undefined
}

/** A decision.  ``` use thalium::policy::{Outcome, Verdict, rego};  let document = rego::Value::from_json(     r#"{"outcome": "review",         "reasons": [{"code": 10001, "rule": "aml/pattern", "audience": "officer", "severity": "high", "message": "looks odd"}],         "obligations": [{"type": "approvals", "role": "compliance_officer", "count": 2}]}"#, )?; let verdict = Verdict::from_rego(&document)?; assert_eq!(verdict.outcome, Outcome::Review); // A document that is not there denies. let joined = verdict.join(Verdict::missing("aml/decision")); assert_eq!((joined.outcome, joined.reasons.len()), (Outcome::Deny, 2)); # Ok::<(), Box<dyn std::error::Error>>(()) ``` */
export interface Verdict {
  /** What is decided. */
  readonly outcome: VerdictOutcome
  /** Why, in the order of the rules. */
  readonly reasons: readonly Reason[]
  /** What has to be done, in the order of the rules. */
  readonly obligations: readonly Obligation[]
}

/** What verifying found. */
export interface VerifyReport {
  /** Always true: what does not fit is a failure. */
  readonly ok: boolean
  /** Segments of the journal. */
  readonly segments: number
  /** Blocks in them. */
  readonly blocks: number
  /** Events in the log. */
  readonly events: number
  /** Accounts in the books that it leads to. */
  readonly accounts: number
  /** Transfers in them. */
  readonly transfers: number
  /** A block at the end that never came whole: it was never acknowledged. */
  readonly torn?: TornReport | undefined
  /** The root of the log's Merkle tree, in hexadecimal. */
  readonly root: string
  /** The digest of the state, in hexadecimal. */
  readonly stateHash: string
  /** What was found of its cases, if it has any. */
  readonly cases?: CasesReport | undefined
  /** What was found of the decisions on record, if there are any. */
  readonly decisions?: DecisionsReport | undefined
  /** What was found of its rollups, if it has any. */
  readonly rollups?: RollupsReport | undefined
}

/** Volumes, oldest first: of each bucket, asset and code of which there are transfers. */
export interface VolumePage {
  /** The volumes. */
  readonly volumes: readonly VolumeView[]
  /** The from of the next page, if there is one. */
  readonly next?: Timestamp | undefined
}

/** How much was moved in a bucket of time. What is held counts when it is captured. */
export interface VolumeView {
  /** When the bucket begins. */
  readonly start: Timestamp
  /** When the next begins. */
  readonly end: Timestamp
  /** The code of the asset. */
  readonly asset: string
  /** The code of the transfers. */
  readonly code: number
  /** How many. */
  readonly transfers: number
  /** What was debited. */
  readonly debits: Money
  /** What was credited. */
  readonly credits: Money
}

/** How each field is read. @internal */
export const SHAPES: Record<string, Record<string, string>> = {
  AccessPage: { entries: '[AccessView]', next: '' },
  AccessView: { sequence: '', timestamp: 'instant', actor: '', role: '', origin: '', party: '', fields: 'texts', transfers: 'texts', accounts: 'texts', details: '', why: '' },
  AccountNews: { name: '', account: 'AccountView', holds: '[TransferView]', opening: 'decimal', after: '', from_the_beginning: '', entries: '[EntryView]', more: '' },
  AccountOfView: { account: '', role: '', since: '', until: '' },
  AccountPage: { accounts: '[AccountView]', next: '' },
  AccountView: { id: '', key: '', name: '', asset: '', asset_kind: '', kind: '', parent: '', code: '', flags: 'texts', opened_at: 'instant', debits_pending: 'decimal', debits_posted: 'decimal', credits_pending: 'decimal', credits_posted: 'decimal', balance: 'decimal', available: 'decimal', metadata: 'map', subject: '' },
  AskedDocument: { document: '', standing: '', wanted: '', attempts_left: '', reasons: 'texts', due: 'instant', valid_until: 'instant' },
  AskedForm: { form: '', variables: 'texts' },
  AssetView: { code: '', scale: '', kind: '', ledger: '' },
  BackupReport: { ok: '', backup: '', events: '', copied: '', root: '', generation: '' },
  BalanceBucketView: { start: 'instant', end: 'instant', open: 'decimal', high: 'decimal', low: 'decimal', close: 'decimal', available: 'decimal', debits: 'decimal', credits: 'decimal', entries: '', average: 'decimal' },
  BalanceHistoryPage: { account: '', asset: '', buckets: '[BalanceBucketView]', next: 'instant' },
  BallerineImport: { chart: '', charts: 'texts', dialect: '', leniencies: '[BallerineLeniency]' },
  BallerineLeniency: { rule: '', path: '', row: '', column: '', message: '' },
  BlnkDifference: { kind: '', is_serious: '', record: '', detail: '' },
  BlnkReport: { imported: '', balances: '', transactions: '', not_booked: '', accounts: '', transfers: '', differences: '[BlnkDifference]' },
  CallbackView: { provider: '', event_id: '', kind: '', about: '', outcome: '', reasons: 'texts', evidence: '', event: '', data: '', key: '', occurred_at: '', sandbox: '', signed_at: '', subject: '' },
  CaseDecision: { decision: '', seen: '', votes: '[CaseVote]', at: '' },
  CaseDifference: { fact: '', case: '', version: '', what: '' },
  CaseDocument: { document: '', standing: '', since: '', attempts: '', reasons: 'texts', by: '', due: '', file: '', hash: '', valid_until: '' },
  CaseEffect: { case: '', effect: 'ChartEffect' },
  CaseEntry: { number: '', at: '', actor: '', do: '', sealed: '', asked: '', case: '', definition: '', evidence: '', request_id: '', session: '', steps: '', version: '', withheld: '' },
  CaseEvidence: { name: '', hash: '', since: '', by: '', file: '' },
  CaseLogPage: { entries: '[CaseEntry]', next: '' },
  CaseNews: { case: '', open: '', states: 'texts', documents: '[AskedDocument]', forms: '[AskedForm]', facts: '' },
  CaseOutcome: { ok: '', case: '', heard: '', replayed: '', late: '', effects: '[CaseEffect]', code: '', now: 'CaseView', reason: '' },
  CaseOverride: { by: '', since: '', until: '', why: '' },
  CasePage: { cases: '[CaseView]', next: '' },
  CasePlace: { queue: '', since: '', waits_since: '', due: '', from: '' },
  CaseReport: { at: '', queues: '[QueueReport]', kinds: '[KindReport]', people: '[PersonReport]', decisions: '[DecisionReport]', documents: '[DocumentReport]' },
  CaseStanding: { flags: 'texts', told: '', kyc_level: '', risk: '' },
  CaseView: { case: '', kind: '', definition: '', version: '', status: '', states: 'texts', opened_at: '', opened_by: '', changed_at: '', reopened: '', evidence_digest: '', documents: '[CaseDocument]', evidence: '[CaseEvidence]', decided: '[CaseDecision]', overrides: '[CaseOverride]', sealed: '', assignee: '', data: '', ended_at: '', next_due: '', parent: '', party: '', paused_at: '', pending: 'CaseDecision', place: 'CasePlace', snoozed_until: '', standing: 'CaseStanding', withheld: '' },
  CaseVote: { by: '', role: '', at: '', reasons: 'texts' },
  CasesAdvanced: { changed: '', effects: '[CaseEffect]', refused: '[CaseOutcome]', more: '' },
  CasesReplayed: { facts: '', changes: '', cases: '', same: '', differences: '[CaseDifference]', subject_forgotten: '', digest: '' },
  CasesReport: { facts: '', records: '', root: '' },
  ChangePage: { version: '', changes: '[ChangeView]', next: '', lost: '' },
  ChangeView: { number: '', kind: '', symbol: '', at: 'instant', cause: '', id: '', revision: '', start: 'instant', width: '' },
  ChartEffect: { kind: '', session: '', data: '', id: '', name: '', src: '', target: '', type: '' },
  ChartFinding: { rule: '', severity: '', path: '', row: '', column: '', message: '', hint: '' },
  ChartGuard: { path: '', read: '[ChartRead]', held: '' },
  ChartMapping: { path: '', read: '[ChartRead]', held: '' },
  ChartMicrostep: { session: '', guards: '[ChartGuard]', taken: 'texts', exited: 'texts', entered: 'texts', mappings: '[ChartMapping]', faults: 'texts', event: '' },
  ChartPending: { session: '', due: '', event: '', restore: '' },
  ChartRead: { name: '', value: '' },
  ChartSession: { session: '', id: '', done: '', states: 'texts', configuration: 'texts', data: '', pending: '[ChartPending]' },
  ChartStep: { at: 'ChartSession', heard: '', effects: '[ChartEffect]', faults: 'texts', trace: '[ChartMicrostep]' },
  ChartText: { text: '' },
  ChartView: { id: '', description: '', digest: '', states: 'texts', variables: 'texts', events: 'texts' },
  Checked: { state_hash: '' },
  Decided: { decision_id: '', verdict: 'Verdict' },
  DecisionReport: { kind: '', decision: '', taken: '', reasons: '[ReasonCount]', least_seconds: '', median_seconds: '', ninetieth_seconds: '', most_seconds: '', late: '' },
  DecisionsReport: { decisions: '', records: '', root: '' },
  DetailView: { basis: '', account: '', description: '', lost: '', metadata: 'map', retention: '', transfer: '', years: '' },
  DiffMore: { list: '', entries: '' },
  DiffName: { name: '', change: '' },
  DiffPackage: { package: '', change: '', notes: '[DiffRow]', notes_more: '' },
  DiffRow: { pointer: '', change: '', after: '', before: '' },
  DiffRule: { path: '', package: '', change: '', before: '[DiffSite]', after: '[DiffSite]', notes: '[DiffRow]', notes_more: '' },
  DiffSite: { file: '', row: '' },
  DiffTyped: { path: '', part: '', name: '', field: '', change: '', after: '', before: '' },
  DiffVersion: { revision: '', digest: '' },
  DocumentReport: { kind: '', document: '', requested: '', submitted: '', approved: '', rejected: '', expired: '', looked_at: '', least_seconds: '', median_seconds: '', ninetieth_seconds: '', most_seconds: '' },
  EntryView: { sequence: '', timestamp: 'instant', what: '', transfer: '', counterparty: '', side: '', amount: 'money', change: 'decimal', balance: 'decimal', available: 'decimal', effective_date: '', description: '', part: '', subject: '' },
  FieldView: { name: '', purpose: '', basis: '', years: '', retention: '' },
  Flip: { decision_id: '', path: '', was: '', now: '', reasons: '[FlipReason]' },
  FlipReason: { code: '', rule: '' },
  ForgottenView: { scope: '', timestamp: 'instant' },
  GrantView: { actor: '', party: '', until: 'instant', granted: 'instant' },
  HandInOutcome: { key: '', ok: '', replayed: '', code: '', field: '', reason: '' },
  Health: { condition: '', events: '', not_durable: '', history_bytes: '', is_lagging: '', disk_is_low: '', archive_failed: '', disk_left: '', why: '' },
  HistoryPage: { account: '', asset: '', entries: '[EntryView]', next: '' },
  HolderView: { party: '', role: '', since: '', until: '' },
  IngestReport: { taken: '', again: '', refused: '', faults: '[RowFaultView]' },
  IntentOutcome: { key: '', outcome: 'Outcome' },
  KindReport: { kind: '', opened: '', open: '', elsewhere: '', ended: '', cancelled: '', reopened: '' },
  KindView: { kind: '', description: '', digest: '', chart: '', queues: 'texts', decisions: 'texts', documents: 'texts', text: '' },
  KlinePage: { klines: '[KlineView]', next: 'instant' },
  KlineView: { start: 'instant', end: 'instant', open: '', high: '', low: '', close: '', volume: '', turnover: '', trades: '', buy_volume: '', buy_turnover: '', sell_volume: '', sell_turnover: '', closed: '', revision: '', average: '' },
  LegalHoldView: { name: '', until: '', reason: '', placed: 'instant' },
  LoadedPolicy: { name: '', current: 'PolicyVersion', former: '[PolicyVersion]', shadow: 'ShadowView' },
  LostKey: { subject: '', basis: '', why: '' },
  MigrationRefused: { code: '', why: '', cases: '', example: '' },
  MigrationRehearsed: { cases: '', movable: '', refused: '[MigrationRefused]' },
  MrzView: { format: '', document_code: '', issuer: '', number: '', primary: '', secondary: '', names_truncated: '', nationality: '', sex: '', status: '', valid: '', wrong: 'texts', optional: 'texts', born: '', expires: '' },
  Obligation: { type: '', count: '', factor: '', kind: '', queue: '', report: '', role: '', seconds: '', topic: '', until: 'instant' },
  Outcome: { ok: '', status: '', number: '', replayed: '', account: '', amount: 'money', field: '', have: 'money', id: '', key: 'text', need: 'money', reason: '', sequence: '', timestamp: 'instant' },
  PartyExport: { party: 'PartyView', data: 'PersonalData', accesses: '[AccessView]' },
  PartyPage: { parties: '[PartyView]', next: '' },
  PartyView: { id: '', key: '', kind: '', broker: '', kyc_level: '', risk: '', flags: 'texts', registered: 'instant', ended: '', kept_until: '', merged: 'texts', forgotten: 'ForgottenView', holds: '[LegalHoldView]', fields: '[FieldView]', accounts: '[AccountOfView]', relations: '[RelationView]', related: '[RelationView]' },
  PersonDecision: { kind: '', decision: '', voted: '', reasons: '[ReasonCount]' },
  PersonDocument: { kind: '', document: '', finding: '', found: '', reasons: '[ReasonCount]' },
  PersonReport: { person: '', registered: '', assigned: '', voted: '', pending: '', decisions: '[PersonDecision]', documents: '[PersonDocument]' },
  PersonalData: { party: '', fields: '[PersonalView]', details: '[DetailView]' },
  PersonalView: { name: '', value: '', purpose: '', basis: '', lost: '' },
  PolicyCoverage: { files: '[PolicyFileCoverage]', basis_points: '' },
  PolicyDiff: { before: 'DiffVersion', after: 'DiffVersion', empty: '', same: '', roots: '[DiffName]', metadata: '[DiffRow]', files: '[DiffName]', packages: '[DiffPackage]', rules: '[DiffRule]', entry_points: '[DiffName]', documents: '[DiffRow]', typed: '[DiffTyped]', more: '[DiffMore]' },
  PolicyExplanation: { defined: '', steps: '[PolicyStep]', text: '', said: '', cut: '', error: '', result: '' },
  PolicyFact: { name: '', type: '', needed: '' },
  PolicyFileCoverage: { file: '', covered: '[PolicyRows]', not_covered: '[PolicyRows]', basis_points: '' },
  PolicyFinding: { id: '', file: '', row: '', message: '', hint: '' },
  PolicyProgram: { path: '', file: '', facts: '[PolicyFact]' },
  PolicyRows: { first: '', last: '' },
  PolicyRule: { name: '', makes: '', count: '', file: '', row: '' },
  PolicyStep: { depth: '', file: '', row: '', text: '', became: '' },
  PolicyTest: { name: '', outcome: '', file: '', row: '', why: '' },
  PolicyTests: { passed: '', failed: '', skipped: '', tests: '[PolicyTest]', coverage: 'PolicyCoverage' },
  PolicyVersion: { revision: '', digest: '', loaded: 'instant' },
  PolicyView: { revision: '', digest: '', roots: 'texts', rules: '[PolicyRule]', typed: '[PolicyProgram]' },
  QueueReport: { kind: '', queue: '', cases: '', under_a_day: '', one_to_three_days: '', three_to_seven_days: '', seven_to_thirty_days: '', thirty_days_or_more: '', overdue: '', unassigned: '', snoozed: '', oldest: '' },
  QueueView: { queue: '', waiting: '', snoozed: '', unassigned: '', overdue: '', oldest: '' },
  Reason: { code: '', rule: '', audience: '', severity: '', message: '', facts: '[ReasonFact]' },
  ReasonCount: { reason: '', count: '' },
  ReasonFact: { name: '', value: '' },
  RelationView: { party: '', role: '', since: '', until: '', share: '' },
  ReplayReport: { decisions: '', same: '', changed: '', flipped: '', subject_forgotten: '', unreadable: '', flips: '[Flip]' },
  RestoreReport: { ok: '', events: '', of: '', accounts: '', transfers: '', root: '', state_hash: '', generation: '' },
  RetentionView: { name: '', years: '', law: '', defined: 'instant' },
  RiskScore: { score: '', level: '', refuse: '', explained: 'texts', model: '', text: '', refresh_by: '' },
  RollupView: { name: '', version: '', levels: 'texts', delay: '', late: '', price_scale: '', quantity_scale: '', symbols: '', trades: '', horizon: '', keep: 'map', of: '', offset: '', origin: '', zone: '' },
  RollupsReport: { rollups: '', records: '', root: '' },
  Root: { events: '', root: '' },
  RowFaultView: { row: '', field: '', message: '' },
  RowFilter: { rows: '', sql: '', parameters: '[RowParameter]' },
  RowParameter: { text: '', texts: 'texts' },
  RulesImport: { guard: '', dialect: '' },
  ShadowView: { version: 'PolicyVersion', decisions: '', same: '', changed: '', flipped: '', flips: '[Flip]' },
  StaffView: { person: '', roles: 'texts', away: '', cases: '' },
  StatementView: { account: '', asset: '', opening: 'decimal', entries: '[EntryView]', closing: 'decimal' },
  Stats: { events: '', accounts: '', transfers: '', open_holds: '', clock: 'instant', data_key: '' },
  SubjectKeysReport: { subjects: '', keys: '', destroyed: '', damaged: '', generation: '', lost: '[LostKey]', lost_count: '' },
  SymbolPage: { symbols: '[SymbolView]', next: '' },
  SymbolView: { symbol: '', watermark: 'instant', at: 'instant', price: '' },
  SyncReply: { outcomes: '[IntentOutcome]', accounts: '[AccountNews]', refused: 'texts', events: '', root: '', root_events: '', time: 'instant', cases: '[CaseNews]', handed_in: '[HandInOutcome]', refused_cases: 'texts' },
  TableCounts: { rows: '', booked: '', replayed: '', left_out: '' },
  TableDifference: { table: '', row: '', detail: '' },
  TablesReport: { ok: '', accounts: 'TableCounts', transfers: 'TableCounts', differences: '[TableDifference]', ended: '' },
  TornReport: { file: '', byte: '', block: '' },
  TradeView: { symbol: '', at: 'instant', id: '', price: '', quantity: '', taker: '' },
  TransferPage: { transfers: '[TransferView]', next: '' },
  TransferView: { id: '', key: '', from: '', to: '', amount: 'money', state: '', timeout: '', code: '', flags: 'texts', timestamp: 'instant', effective_date: '', sequence: '', description: 'text', hold: '', metadata: 'map', pending: '', subject: '', transaction: '' },
  TrialBalanceView: { asset: '', lines: '[TrialLineView]', debit: 'decimal?', credit: 'decimal?', balanced: '' },
  TrialLineView: { account: '', kind: '', debit: 'decimal?', credit: 'decimal?' },
  Verdict: { outcome: '', reasons: '[Reason]', obligations: '[Obligation]' },
  VerifyReport: { ok: '', segments: '', blocks: '', events: '', accounts: '', transfers: '', torn: 'TornReport', root: '', state_hash: '', cases: 'CasesReport', decisions: 'DecisionsReport', rollups: 'RollupsReport' },
  VolumePage: { volumes: '[VolumeView]', next: 'instant' },
  VolumeView: { start: 'instant', end: 'instant', asset: '', code: '', transfers: '', debits: 'decimal', credits: 'decimal' },
}
