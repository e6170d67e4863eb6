import { type Abortable, fieldsOf } from './books.js'
import { type Name, nameText, plain } from './commands.js'
import { noPermission } from './errors.js'
import { parseExact, parseRecord, withExact } from './exact.js'
import type { Context, Thalium } from './ledger.js'
import { type Asking, type PolicyBundle, type PolicyKey, bundleOf, mustBeText } from './policy.js'
import { json, read } from './read.js'
import { type Instant, instantText } from './timestamp.js'
import type { Decided, LoadedPolicy, ReplayReport, Verdict } from './types.js'

/** Which of the policies that a ledger decides by. */
export interface NamedPolicy {
  /** Its name; by default `policy`. */
  name?: string
}

/** How a policy is loaded. */
export interface Loading extends NamedPolicy {
  /** Whether it is only tried out, beside the one in force: it is asked as well, and decides nothing. */
  shadow?: boolean
  /** The keys of which one must have signed the bundle; without, a signature is not looked at. */
  keys?: readonly PolicyKey[]
  /** The instant; by default the clock's. */
  now?: Instant
}

/** How it is decided on record, and what is kept with the decision. All of it but the subject's data stands in the clear. */
export interface Deciding extends Asking {
  /** The name that the policy was loaded under; by default `policy`. */
  policy?: string
  /** The party that it is about: input and answer are sealed with the party's own key. */
  subject?: Name
  /** The retention class that says how long a law has it kept; by default it is held by consent. */
  retention?: string
  /** What it is about, by the caller's own key, such as that of the transfer that is to be booked. */
  concerns?: string
  /** Who asks; by default who opened the ledger. */
  actor?: string
  /** The caller's id of the request. */
  requestId?: string
  /** The decision's id, a UUID; by default one is made. */
  decisionId?: string
}

/** Why what is sealed is opened, and by whom. It stands in the log, in the clear. */
export interface Opening extends Context {
  /** Why. */
  why: string
}

/** A part of decisions, and what becomes of it. */
export interface MaskedPart {
  /** Whether it is left out, or replaced where it is there. */
  op: 'remove' | 'upsert'
  /** Where it is: a JSON pointer (RFC 6901) below `/input` or `/result`, such as `/input/name`. */
  path: string
  /** What takes its place; its numbers are exact. */
  value?: unknown
}

/** What is left out of decisions, by its pointer, or replaced. */
export type DecisionMask = string | MaskedPart

/** Which decisions. All that is given must match. */
export interface DecisionQuery {
  /** The one with this id. */
  decisionId?: string
  /** Of this path, such as `aml/verdict`. */
  path?: string
  /** By the policy that was loaded under this name. */
  policy?: string
  /** With this outcome. */
  outcome?: Verdict['outcome']
  /** About this party. */
  subject?: Name
  /** About this, by the caller's own key. */
  concerns?: string
  /** From this instant or date on. */
  from?: Instant
  /** Before this instant, or up to this date. */
  until?: Instant
  /** Behind the one with this number: the `next` of the page before. */
  after?: number
  /** At most so many, up to 10,000; a page without it has 100. */
  limit?: number
  /** Opens what is sealed, for a reason. */
  open?: Opening
  /** What is left out or replaced. */
  masks?: readonly DecisionMask[]
}

/** The version of a policy that answered. */
export interface DecidedBy {
  /** What names its content and no other, in hexadecimal. */
  readonly digest: string
  /** The bundle's name for it, where it has one. */
  readonly revision?: string
}

/** Why a policy came to no verdict. */
export interface NoVerdict {
  /** The code of the error. */
  readonly code: string
  /** What was wrong. */
  readonly message: string
}

/** A decision on record, with the names of Open Policy Agent's decision logs. */
export interface Decision {
  /** Its id. */
  readonly decision_id: string
  /** When it was decided, to the nanosecond. */
  readonly timestamp: string
  /** The path that was asked for. */
  readonly path: string
  /** Which policy answered, by the name that it was asked by. */
  readonly bundles: Readonly<Record<string, DecidedBy>>
  /** Its place in the journal. */
  readonly number: number
  /** The outcome; nothing where the policy came to no verdict. */
  readonly outcome?: Verdict['outcome']
  /** What was asked, where it can be had. */
  readonly input?: unknown
  /** The verdict as the policy gave it, where it can be had. */
  readonly result?: unknown
  /** Why the policy came to no verdict. */
  readonly error?: NoVerdict
  /** Who asked. */
  readonly requested_by?: string
  /** The caller's id of the request. */
  readonly req_id?: string
  /** What it is about. */
  readonly concerns?: string
  /** The id of the party that it is about. */
  readonly subject?: string
  /** The retention class that it is kept by. */
  readonly retention?: string
  /** Whether input and result are sealed, and were not opened. */
  readonly sealed?: boolean
  /** Whether they were sealed to someone who was forgotten, and are gone. */
  readonly subject_forgotten?: boolean
  /** Why they cannot be had, where that is for another reason. */
  readonly lost?: string
  /** The pointers of what was left out. */
  readonly erased?: readonly string[]
  /** The pointers of what was replaced. */
  readonly masked?: readonly string[]
}

/** A page of decisions. */
export interface DecisionPage {
  /** The decisions, the oldest first. */
  readonly decisions: readonly Decision[]
  /** The `after` of the next page, if there are more. */
  readonly next?: number
}

/** Which decisions are decided once more. */
export interface Replaying extends Pick<DecisionQuery, 'path' | 'policy' | 'from' | 'until'> {
  /** The keys of which one must have signed the bundle; without, a signature is not looked at. */
  keys?: readonly PolicyKey[]
  /** How many with another outcome are told at most, up to 100,000; by default 1,000. All are counted. */
  limit?: number
}

/** @internal */
export async function loadPolicy(of: Thalium, bundle: PolicyBundle, { keys, now, signal, ...how }: Loading & Abortable): Promise<LoadedPolicy> {
  const asked = { ...how, op: 'load_policy', bundle: bundleOf(bundle, keys), now: instantText(now, 'now') }
  return read('LoadedPolicy', await of.ask(json(asked), signal))
}

/** @internal */
export async function rollBackPolicy(of: Thalium, { signal, ...which }: NamedPolicy & Abortable): Promise<LoadedPolicy> {
  return read('LoadedPolicy', await of.ask(json({ ...which, op: 'roll_back_policy' }), signal))
}

/** @internal */
export async function dropPolicy(of: Thalium, { signal, ...which }: NamedPolicy & { shadow?: boolean } & Abortable): Promise<void> {
  await of.ask(json({ ...which, op: 'drop_policy' }), signal)
}

/** @internal */
export async function loadedPolicies(of: Thalium, signal: AbortSignal | undefined): Promise<readonly LoadedPolicy[]> {
  const told = (await of.ask('{"op":"list_policies"}', signal)) as unknown[]
  return Object.freeze(told.map((policy) => read<LoadedPolicy>('LoadedPolicy', policy)))
}

/** @internal */
export async function decideOnRecord(of: Thalium, path: string, input: unknown, { now, signal, ...how }: Deciding & Abortable): Promise<Decided> {
  mustBeText(path, 'path', 'aml/verdict')
  try {
    const request = json({ ...plain(how), op: 'decide_on_record', path, now: instantText(now, 'now') })
    return read('Decided', parseExact(await of.askText(withExact(request, 'input', input), signal)))
  } catch (error) {
    throw noPermission(error)
  }
}

/** @internal */
export async function decisionPage(
  of: Thalium, { decisionId, subject, until, open, masks, signal, ...page }: DecisionQuery & Abortable,
): Promise<DecisionPage> {
  const named = { decision_id: decisionId, subject: subject === undefined ? undefined : nameText(subject, 'subject') }
  const asked = { ...fieldsOf(page), ...named, until: instantText(until, 'until'), open: open && opening(open), op: 'list_decisions' }
  return parseRecord(await of.askText(withExact(json(asked), 'masks', masks), signal)) as DecisionPage
}

/** @internal */
export function opening({ now, ...who }: Opening): Record<string, unknown> {
  return { ...plain(who), now: instantText(now, 'open.now') }
}

/** @internal */
export async function replayDecisions(
  of: Thalium, bundle: PolicyBundle, { keys, until, signal, ...which }: Replaying & Abortable,
): Promise<ReplayReport> {
  const asked = { ...fieldsOf(which), bundle: bundleOf(bundle, keys), until: instantText(until, 'until'), op: 'replay_decisions' }
  return read('ReplayReport', await of.ask(json(asked), signal))
}
