import { type Abortable, type Asker, fieldsOf, items } from './books.js'
import { type ChartEffect, askedPolicy } from './chart.js'
import { type Name, nameText, plain } from './commands.js'
import { type Opening, opening } from './decisions.js'
import { withExact } from './exact.js'
import type { Context } from './ledger.js'
import { type PolicyBundle, type PolicyKey, mustBeText } from './policy.js'
import { bodyText, json, read, shapesWith } from './read.js'
import { type Instant, type Timestamp, instantText } from './timestamp.js'
import type { CaseStanding, CasesReplayed, DecisionReport, DocumentReport, KindReport, KindView, MigrationRehearsed, PersonReport, StaffView } from './types.js'

/** Who asks for something that is done to a case, and when. */
export type CaseContext = Pick<Context, 'now' | 'actor' | 'requestId'>

/** Variables, or what an event carries. Its numbers are exact. */
export type CaseData = Readonly<Record<string, unknown>>

/** How a kind of cases is read. */
export interface CaseDialect {
  /** How JSON Logic takes values of other kinds: `strict`, which is the default, or `javascript`. */
  dialect?: 'strict' | 'javascript'
  /**
   * The policy that guards ask (`{rego: 'kyc/high'}`), of the kind and of its charts: a path, as `Policy.open` has it, or files, as `Policy.of` has
   * them. Where a kind is defined its files are kept with it; where it is linted nothing is kept.
   */
  policy?: PolicyBundle
  /** The keys of which one must have signed the policy; without, a signature is not looked at. */
  keys?: readonly PolicyKey[]
}

/** Whom a case is about, and what it is opened for. */
export interface CaseOpening {
  /** The party that it is about: the case is sealed with that party's own key. */
  party?: Name
  /** The retention class that says how long a law has it kept; by default it is held by consent. */
  retention?: string
  /** The case that it is opened for, by its key. */
  parent?: string
}

/** Who tells an event to a case, and for whom it is. */
export interface CaseEvent {
  /** The session below the case that is told, by its id; by default its own. */
  session?: string
  /** The service that tells it, by the id that it was invoked under. */
  invokeId?: string
}

/** A document that was handed in. */
export interface CaseSubmission {
  /** Where it is kept. */
  file?: string
  /** When it is not valid any more. */
  validUntil?: Instant
  /** What the chart is told of it besides. */
  data?: CaseData
}

/** What somebody found who looked at a document. */
export interface CaseFinding {
  /** The SHA-256 of the document that they saw, in hexadecimal. */
  seen: string
  /** The reason codes. */
  reasons?: readonly string[]
  /** When it is not valid any more, if that is known only now. */
  validUntil?: Instant
  /** What the chart is told of it besides. */
  data?: CaseData
}

/** A vote for a decision. */
export interface CaseBallot {
  /** The digest of the evidence that was seen: `evidenceDigest` of the case as it was shown. */
  seen: string
  /** The reason codes. */
  reasons?: readonly string[]
  /** What is said about it. */
  comment?: string
  /** What the chart is told of it besides. */
  data?: CaseData
}

/** Which cases. All that is given must match. They come by key; those of a queue, the oldest first. */
export interface CaseQuery {
  /** Those that wait in this queue. */
  queue?: string
  /** Those that this person works on. */
  assignee?: string
  /** Those on which nobody works. */
  unassigned?: boolean
  /** Those of this kind. */
  kind?: string
  /** Those about this party, as it was named when they were opened. */
  party?: Name
  /** Those that were opened for this case. */
  parent?: string
  /** How they stand. */
  status?: CaseView['status']
  /** Those that have waited too long. */
  overdue?: boolean
  /** Those that rest, too: where a queue is asked for, they are left out otherwise. */
  snoozed?: boolean
  /** Behind the one with this key: the `next` of the page before. In a queue it has to be there still. */
  after?: string
  /** At most so many, up to 10,000; a page without it has 100. */
  limit?: number
  /** The instant by which something is overdue; by default the clock's. */
  now?: Instant
}

/** What of the log of cases. */
export interface CaseLogQuery {
  /** Only what happened to this case. */
  case?: string
  /** Behind the entry with this number: the `next` of the page before. */
  after?: number
  /** At most so many, up to 10,000; a page without it has 100. */
  limit?: number
  /** Opens what is sealed, for a reason. */
  open?: Opening
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
  /** How it stands. */
  readonly status: 'open' | 'ended' | 'cancelled'
  /** The active states of its chart without children, in document order. */
  readonly states: readonly string[]
  /** Whom it is about. */
  readonly party?: string
  /** The case that it was opened for. */
  readonly parent?: string
  /** When it was opened. */
  readonly openedAt: Timestamp
  /** By whom. */
  readonly openedBy: string
  /** When it changed last. */
  readonly changedAt: Timestamp
  /** When it ended. */
  readonly endedAt?: Timestamp
  /** How often it was opened again. */
  readonly reopened: number
  /** Where it waits, if it waits for people. */
  readonly place?: CasePlace
  /** Who works on it. */
  readonly assignee?: string
  /** Until when it rests. */
  readonly snoozedUntil?: Timestamp
  /** Since when its time rests, too. */
  readonly pausedAt?: Timestamp
  /** When the next of what waits in it is due. */
  readonly nextDue?: Timestamp
  /** The digest of all that a decision rests on: who votes says which they saw. */
  readonly evidenceDigest: string
  /** Its documents, by name. */
  readonly documents: readonly CaseDocument[]
  /** Other evidence, by name. */
  readonly evidence: readonly CaseEvidence[]
  /** The decision that is pending. */
  readonly pending?: CaseDecision
  /** What was decided, the oldest first. */
  readonly decided: readonly CaseDecision[]
  /** What was decided beside the rules and holds. */
  readonly overrides: readonly CaseOverride[]
  /** What its kind tells the register of parties of whom it is about. */
  readonly standing?: CaseStanding
  /**
   * Its variables; not there where the case is sealed and was not opened. A whole number past 2^53 is a `bigint`; where there is another that
   * JavaScript cannot hold, to read this is an `UndecidedError`, and `dataText` has it.
   */
  readonly data?: CaseData
  /** Its variables as JSON, to the digit. */
  readonly dataText?: string
  /** Whether it is sealed to whom it is about. */
  readonly sealed: boolean
  /** Why what is sealed is not told, though it was asked for. */
  readonly withheld?: string
}

/** Where a case waits. */
export interface CasePlace {
  /** The queue. */
  readonly queue: string
  /** Since when. */
  readonly since: Timestamp
  /** Until when it may. */
  readonly due?: Timestamp
  /** The queue that it belongs to by its kind, if it went on from there. */
  readonly from?: string
  /** Since when it waits for what is to be done, in whichever queue. */
  readonly waitsSince: Timestamp
}

/** A document of a case. */
export interface CaseDocument {
  /** Which. */
  readonly document: string
  /** How it stands. */
  readonly standing: 'requested' | 'submitted' | 'approved' | 'rejected' | 'expired'
  /** Since when. */
  readonly since: Timestamp
  /** Until when it is to be handed in. */
  readonly due?: Timestamp
  /** How often it was handed in. */
  readonly attempts: number
  /** The SHA-256 of what was handed in last. */
  readonly hash?: string
  /** Where that is kept; not there where the case is sealed and was not opened. */
  readonly file?: string
  /** When it is not valid any more. */
  readonly validUntil?: Timestamp
  /** Why it is asked for, or is not good. */
  readonly reasons: readonly string[]
  /** Who handed it in. */
  readonly by?: string
}

/** Something that a decision rests on. */
export interface CaseEvidence {
  /** Its name. */
  readonly name: string
  /** The SHA-256 of its bytes. */
  readonly hash: string
  /** Where it is kept; not there where the case is sealed and was not opened. */
  readonly file?: string
  /** Since when it is there. */
  readonly since: Timestamp
  /** Who brought it. */
  readonly by: string
}

/** A decision, with its votes. */
export interface CaseDecision {
  /** Which. */
  readonly decision: string
  /** When it was taken; not there while it is pending. */
  readonly at?: Timestamp
  /** The digest of the evidence that it rests on. */
  readonly seen: string
  /** The votes, the first first. */
  readonly votes: readonly CaseVote[]
}

/** A vote. */
export interface CaseVote {
  /** Whose. */
  readonly by: string
  /** As what. */
  readonly role: string
  /** When. */
  readonly at: Timestamp
  /** With which reason codes. */
  readonly reasons: readonly string[]
}

/** What was decided beside the rules. */
export interface CaseOverride {
  /** By whom. */
  readonly by: string
  /** Why; not there where the case is sealed and was not opened. */
  readonly why?: string
  /** Since when. */
  readonly since: Timestamp
  /** Until when. */
  readonly until: Timestamp
}

/** What a case asks for. */
export interface CaseEffect {
  /** The case, by its key. */
  readonly case: string
  /** What its chart asks for. */
  readonly effect: ChartEffect
}

/** What became of something that was to be done to a case. A refusal is a value with its code: nothing has changed then. */
export interface CaseOutcome {
  /** Whether it was done. */
  readonly ok: boolean
  /** The case, by its key. */
  readonly case: string
  /** Why it was not done: a code, a promise. */
  readonly code?: string
  /** The same in words, with what to do. */
  readonly reason?: string
  /** Whether the chart heard what it was told; true where it was told nothing. */
  readonly heard: boolean
  /** Whether the same request was done before, or the same callback came before: nothing was done now. */
  readonly replayed: boolean
  /** Whether a callback was overtaken by a newer one about the same check: it is in the log, and the chart did not hear it. */
  readonly late: boolean
  /** What is to be done, in order. It stands in the log of the case, too. */
  readonly effects: readonly CaseEffect[]
  /** What the case is now. */
  readonly now?: CaseView
}

/** What came of letting time pass for all cases. */
export interface CasesAdvanced {
  /** How many cases changed. */
  readonly changed: number
  /** What is to be done, in order. */
  readonly effects: readonly CaseEffect[]
  /** The cases that refused: each stands as it was, and is due still. */
  readonly refused: readonly CaseOutcome[]
  /** Whether more is due: ask again. */
  readonly more: boolean
}

/** A page of cases. */
export interface CasePage {
  /** The cases. */
  readonly cases: readonly CaseView[]
  /** The `after` of the next page, if there are more. */
  readonly next?: string
}

/** Something that happened to cases. */
export interface CaseEntry {
  /** Its number in the log. */
  readonly number: number
  /** When. */
  readonly at: Timestamp
  /** Who asked. */
  readonly actor: string
  /** The caller's id of the request. */
  readonly requestId?: string
  /** What: the name of what was done to a case, or `define` or `staff`. */
  readonly do: string
  /** The case, by its key. */
  readonly case?: string
  /** Which of its changes. */
  readonly version?: number
  /** What was asked, if anything; not there where it is sealed and was not opened. Its numbers are as those of a case's `data`. */
  readonly asked?: CaseData
  /** What was asked as JSON, to the digit. */
  readonly askedText?: string
  /** What happened in the chart, step by step; not there where it is sealed and was not opened. */
  readonly steps?: readonly unknown[]
  /** That as JSON, to the digit. */
  readonly stepsText?: string
  /** The SHA-256 of the session that it led to. */
  readonly session?: string
  /** The SHA-256 of the version of the kind, with its charts, that the case was in. */
  readonly definition?: string
  /** The SHA-256 of the evidence that the case had then. */
  readonly evidence?: string
  /** Whether it is sealed. */
  readonly sealed: boolean
  /** Why what is sealed is not told, though it was asked for. */
  readonly withheld?: string
}

/** A page of the log of cases. */
export interface CaseLogPage {
  /** What happened, the oldest first. */
  readonly entries: readonly CaseEntry[]
  /** The `after` of the next page, if there is more. */
  readonly next?: number
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
  /** Since when the oldest waits, also of those that rest. */
  readonly oldest: Timestamp
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
  /** Since when the oldest does. */
  readonly oldest?: Timestamp
}

/** What a back office is asked at the end of a day. */
export interface CaseReport {
  /** The instant. */
  readonly at: Timestamp
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

const instants = (...names: string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, 'instant']))

const OF_CASES = shapesWith({
  CaseView: { ...instants('opened_at', 'changed_at', 'ended_at', 'snoozed_until', 'paused_at', 'next_due'), data: 'exact' },
  CasePlace: instants('since', 'due', 'waits_since'),
  CaseDocument: instants('since', 'due', 'valid_until'),
  CaseEvidence: instants('since'),
  CaseDecision: instants('at'),
  CaseVote: instants('at'),
  CaseOverride: instants('since', 'until'),
  CaseEntry: { ...instants('at'), asked: 'exact', steps: 'exact' },
  CaseReport: instants('at'),
  ChartEffect: { data: 'exact' },
  QueueReport: instants('oldest'),
  QueueView: instants('oldest'),
})

const told = <T>(type: string, data: unknown): T => read<T>(type, data, '', OF_CASES)

/**
 * The cases of a ledger: a back office works on them, by the rules of their kind. A kind is data, and the register of staff says who may what;
 * what was done is durable before it is told.
 *
 *     await t.cases.define(kind, [chart])
 *     await t.cases.setStaff('reviewer-1', ['compliance'])
 *     await t.cases.open('case-1', 'individual', { applicant: 'c42' })
 *     const { evidenceDigest: seen } = await t.cases.get('case-1')
 *     const voted = await t.cases.decide('case-1', 'approve', { seen, reasons: ['risk_accepted'], actor: 'reviewer-1' })
 *     if (!voted.ok) console.log(voted.code, voted.reason)
 *     for (const { case: key, effect } of voted.effects) await perform(key, effect)
 *
 * Each change takes `actor`, who asks, by default who opened the ledger; `requestId`, by which the same request is not done twice; and `now`. A
 * refusal is a value; what rejects is a request that makes no sense, or a ledger that takes none.
 *
 * Data going in is what JSON can say, and its numbers are exact, as those of a policy's input are: see `Policy`. So are those of what is
 * answered.
 */
export class Cases {
  readonly #of: Asker

  /** @internal */
  constructor(of: Asker) {
    this.#of = of
  }

  /**
   * Defines a kind of cases with the charts that they run on, or defines it anew: cases that are there stay with the version that they were
   * opened in. The kind is a text of YAML or JSON, the charts are of YAML, JSON or SCXML. What is refused is a `ChartError` with all that is
   * wrong, by row, column and path.
   */
  async define(
    kind: string, charts: readonly string[], { now, actor, signal, policy, keys, ...how }: CaseDialect & Pick<CaseContext, 'now' | 'actor'> & Abortable = {},
  ): Promise<KindView> {
    mustBeText(kind, 'kind', '{case: 1, id: papers, chart: papers}')
    const asked = { ...plain(how), op: 'define_cases', kind, charts, policy: askedPolicy(policy, keys), actor, now: instantText(now, 'now') }
    return told('KindView', await this.#of.ask(json(asked), signal))
  }

  /** The kinds of cases, by name, each in its newest version. */
  async kinds({ signal }: Abortable = {}): Promise<readonly KindView[]> {
    return list('KindView', await this.#of.ask('{"op":"list_kinds"}', signal))
  }

  /** Puts somebody on the register of staff, with these roles in place of others; without any, off it. Who is `away` is given no work. */
  async setStaff(
    person: string, roles: readonly string[], { away, now, actor, signal }: { away?: boolean } & Pick<CaseContext, 'now' | 'actor'> & Abortable = {},
  ): Promise<StaffView> {
    const asked = { op: 'set_staff', person, roles, away, actor, now: instantText(now, 'now') }
    return told('StaffView', await this.#of.ask(json(asked), signal))
  }

  /** The register of staff, by name. */
  async staff({ signal }: Abortable = {}): Promise<readonly StaffView[]> {
    return list('StaffView', await this.#of.ask('{"op":"list_staff"}', signal))
  }

  /**
   * Opens a case of a kind, with a key of the caller's own. `data` is what its variables begin with, by name; the others begin as its chart
   * says. With a `party`, all of it is sealed with that party's own key.
   */
  async open(
    key: string, kind: string, data?: CaseData, { party, retention, parent, ...asking }: CaseOpening & CaseContext & Abortable = {},
  ): Promise<CaseOutcome> {
    const about = party === undefined ? undefined : nameText(party, 'party')
    return this.#change(key, { do: 'open', kind, party: about, retention, parent }, asking, data)
  }

  /** Tells the chart of a case an event, with what it carries, if anything. One that nothing waits for is done, and not `heard`. */
  async send(key: string, event: string, data?: CaseData, { session, invokeId, ...asking }: CaseEvent & CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'send', event, session, invoke_id: invokeId }, asking, data)
  }

  /**
   * Delivers the callback of a provider, by the `data` of what was read of it: `t.cases.callback('case-1', request.callback.data)`. The case knows
   * which came before (`replayed`: nothing is done), and which was overtaken by a newer one (`late`: it is in the log, and the chart does not hear
   * it); so every delivery can be handed on as it comes, also to a case that has ended. With `body`, its bytes as they came, the original is kept in
   * the log, sealed to whom the case is about.
   */
  async callback(key: string, data: CaseData, { body, ...asking }: { body?: string | Uint8Array } & CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'callback', body: body === undefined ? undefined : bodyText(body) }, asking, data)
  }

  /** Lets time pass for a case: what is due happens. `advanceAll` does for all. */
  async advance(key: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'advance' }, asking)
  }

  /** Has somebody work on a case. */
  async assign(key: string, to: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'assign', to }, asking)
  }

  /** Who asks works on the case. */
  async claim(key: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'claim' }, asking)
  }

  /** Nobody works on the case any more. */
  async release(key: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'release' }, asking)
  }

  /** Writes something down. */
  async note(key: string, text: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'note', text }, asking)
  }

  /**
   * Lets a case rest until an instant, for a reason. With `pause` its time rests, too: its timers are due as their `restore` says when it goes on,
   * which it does when anything but a note is done to it.
   */
  async snooze(
    key: string, until: Instant, why: string, { pause, ...asking }: { pause?: boolean } & CaseContext & Abortable = {},
  ): Promise<CaseOutcome> {
    return this.#change(key, { do: 'snooze', until: instantText(until, 'until'), why, pause }, asking)
  }

  /** The case does not rest any more. */
  async wake(key: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'wake' }, asking)
  }

  /** Asks for a document. */
  async requestDocument(key: string, document: string, { why, ...asking }: { why?: string } & CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'request_document', document, why }, asking)
  }

  /** Takes in that a document was handed in: the SHA-256 of its bytes in hexadecimal, and where it is kept. */
  async submitDocument(
    key: string, document: string, hash: string, { file, validUntil, data, ...asking }: CaseSubmission & CaseContext & Abortable = {},
  ): Promise<CaseOutcome> {
    const change = { do: 'submit_document', document, hash, file, valid_until: instantText(validUntil, 'validUntil') }
    return this.#change(key, change, asking, data)
  }

  /** What somebody found who looked at a document; with `revise` it is to be handed in again. */
  async decideDocument(
    key: string, document: string, finding: 'approve' | 'reject' | 'revise',
    { seen, reasons = [], validUntil, data, ...asking }: CaseFinding & CaseContext & Abortable,
  ): Promise<CaseOutcome> {
    const change = { do: 'decide_document', document, finding, seen, reasons, valid_until: instantText(validUntil, 'validUntil') }
    return this.#change(key, change, asking, data)
  }

  /** Puts evidence to a case, such as a report: a name, and the SHA-256 of its bytes in hexadecimal. What has that name is replaced. */
  async attach(key: string, name: string, hash: string, { file, ...asking }: { file?: string } & CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'attach', name, hash, file }, asking)
  }

  /**
   * Votes for a decision: `t.cases.decide('case-1', 'approve', { seen, reasons: ['risk_accepted'], actor: 'reviewer-1' })`. Where another person
   * has to agree, it is `pending` then. A vote on evidence that has changed is refused as `stale`, a second one of the same person as
   * `same_person`.
   */
  async decide(
    key: string, decision: string, { seen, reasons = [], comment, data, ...asking }: CaseBallot & CaseContext & Abortable,
  ): Promise<CaseOutcome> {
    return this.#change(key, { do: 'decide', decision, seen, reasons, comment }, asking, data)
  }

  /** Takes the votes of the decision that is pending back. */
  async returnDecision(key: string, why: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'return', why }, asking)
  }

  /** Decides something beside the rules, for a reason and a time. */
  async override(
    key: string, why: string, until: Instant, { data, ...asking }: { data?: CaseData } & CaseContext & Abortable = {},
  ): Promise<CaseOutcome> {
    return this.#change(key, { do: 'override', why, until: instantText(until, 'until') }, asking, data)
  }

  /** Puts a case into another queue, for a reason. */
  async escalate(key: string, queue: string, why: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'escalate', queue, why }, asking)
  }

  /** Has a case begin again that has ended, for a reason. */
  async reopen(key: string, why: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'reopen', why }, asking)
  }

  /** Ends a case from outside, for a reason. */
  async cancel(key: string, why: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'cancel', why }, asking)
  }

  /** Has a case go on in the newest version of its kind, by a map from the old version to the new: a text of YAML or JSON. */
  async migrate(key: string, map: string, asking: CaseContext & Abortable = {}): Promise<CaseOutcome> {
    return this.#change(key, { do: 'migrate', map }, asking)
  }

  /** Lets time pass for all cases, of which `limit` change at most, by default 1,000: what is due happens, in the order in which it is. */
  async advanceAll({ limit, now, actor, signal }: { limit?: number } & Pick<CaseContext, 'now' | 'actor'> & Abortable = {}): Promise<CasesAdvanced> {
    const asked = { ...fieldsOf({ limit }), op: 'advance_cases', actor, now: instantText(now, 'now') }
    return told('CasesAdvanced', await this.#of.ask(json(asked), signal))
  }

  /**
   * A case; an `InvalidError` where there is none, or whom it was about was forgotten. What is sealed is told with
   * `open: { why: 'complaint 12' }`, and whom it is about gets a reading on record first.
   */
  async get(key: string, { open, signal }: { open?: Opening } & Abortable = {}): Promise<CaseView> {
    mustBeText(key, 'case', 'case-1')
    return told('CaseView', await this.#of.ask(json({ op: 'get_case', case: key, open: open && opening(open) }), signal))
  }

  /** A page of the cases that match; its `next` is the `after` of the next page. What is sealed is not told. */
  async page({ now, signal, ...cases }: CaseQuery & Abortable = {}): Promise<CasePage> {
    const asked = { ...fieldsOf(cases), op: 'list_cases', now: instantText(now, 'now') }
    return told('CasePage', await this.#of.ask(json(asked), signal))
  }

  /** The cases that match, page after page; `limit` at most, or all. */
  async *list({ after, limit, ...cases }: CaseQuery & Abortable = {}): AsyncGenerator<CaseView, void, undefined> {
    yield* items<CasePage, CaseView, string>((next) => this.page({ ...cases, ...next }), (page) => page.cases, after, limit)
  }

  /** The queues in which cases wait, by name. */
  async queues({ now, signal }: Pick<CaseContext, 'now'> & Abortable = {}): Promise<readonly QueueView[]> {
    return list('QueueView', await this.#of.ask(json({ op: 'list_queues', now: instantText(now, 'now') }), signal))
  }

  /**
   * A page of what happened to cases, the oldest first; its `next` is the `after` of the next page. It is an outbox, too: what is to be done
   * stands in its `steps`. What is sealed is opened with `open`, as in `get`.
   */
  async logPage({ open, signal, ...entries }: CaseLogQuery & Abortable = {}): Promise<CaseLogPage> {
    const asked = { ...fieldsOf(entries), op: 'case_log', open: open && opening(open) }
    return told('CaseLogPage', await this.#of.ask(json(asked), signal))
  }

  /** What happened to cases, the oldest first, page after page; `limit` at most, or all. With `open` every page is a reading. */
  async *log({ after, limit, ...entries }: CaseLogQuery & Abortable = {}): AsyncGenerator<CaseEntry, void, undefined> {
    yield* items<CaseLogPage, CaseEntry>((next) => this.logPage({ ...entries, ...next }), (page) => page.entries, after, limit)
  }

  /** What a back office is asked at the end of a day: what waits and for how long, who does what, what was decided. */
  async report({ now, signal }: Pick<CaseContext, 'now'> & Abortable = {}): Promise<CaseReport> {
    return told('CaseReport', await this.#of.ask(json({ op: 'case_report', now: instantText(now, 'now') }), signal))
  }

  /** Decides all cases once more from their log: everything has to come to the same, to the byte. */
  async replay({ signal }: Abortable = {}): Promise<CasesReplayed> {
    return told('CasesReplayed', await this.#of.ask('{"op":"replay_cases"}', signal))
  }

  /** A picture of a case, its active states brought out, as text: SVG, or `format: 'mermaid'`. */
  async draw(key: string, { signal, ...how }: { format?: 'svg' | 'mermaid' } & Abortable = {}): Promise<string> {
    return ((await this.#of.ask(json({ ...how, op: 'draw_case', case: key }), signal)) as { text: string }).text
  }

  /** Tries a map on every open case of a kind that is not in its newest version: how many can be moved, and why the others cannot. Nothing changes. */
  async rehearseMigration(kind: string, map: string, { now, actor, signal }: Pick<CaseContext, 'now' | 'actor'> & Abortable = {}): Promise<MigrationRehearsed> {
    const asked = { op: 'rehearse_migration', kind, map, actor, now: instantText(now, 'now') }
    return told('MigrationRehearsed', await this.#of.ask(json(asked), signal))
  }

  async #change(key: string, change: object, { now, actor, requestId, signal, ...more }: CaseContext & Abortable, data?: CaseData): Promise<CaseOutcome> {
    mustBeText(key, 'case', 'case-1')
    // What is not known goes along, and is refused by its name.
    const asked = { op: 'change_case', case: key, change: { ...plain(more), ...change }, actor, request_id: requestId, now: instantText(now, 'now') }
    return told('CaseOutcome', await this.#of.ask(withExact(json(asked), 'data', data), signal))
  }
}

function list<T>(type: string, found: unknown): readonly T[] {
  return Object.freeze((found as unknown[]).map((one) => told<T>(type, one)))
}
