import { settle, settleSync } from './errors.js'
import { tellExactly, withExact } from './exact.js'
import { type NativeChart, native } from './native.js'
import { type PolicyBundle, type PolicyKey, bundleOf, mustBeText } from './policy.js'
import { json, read } from './read.js'
import { type Instant, Timestamp, instantText } from './timestamp.js'
import type { ChartFinding, ChartMicrostep, ChartView } from './types.js'

/** What a chart is opened with. */
export interface ChartOptions {
  /** The texts of charts that it invokes by their ids. */
  charts?: readonly string[]
  /** The policy that its guards ask (`{rego: 'kyc/allowed'}`): a path, as `Policy.open` has it, or files, as `Policy.of` has them. */
  policy?: PolicyBundle
  /** The keys of which one must have signed the policy; without, a signature is not looked at. */
  keys?: readonly PolicyKey[]
  /** How JSON Logic takes values of other kinds: `strict`, which is the default, or `javascript`. */
  dialect?: 'strict' | 'javascript'
}

/** What is to be known beside a chart when it is linted. */
export interface Linting {
  /**
   * The events that can come from outside, such as `submitted` or `document.*`. Left out, any can; given, a transition for an event that nothing
   * makes is a finding.
   */
  outside?: readonly string[]
}

/** What picture of a chart. */
export interface Drawing {
  /** `svg`, which is the default, or `mermaid`. */
  format?: 'svg' | 'mermaid'
  /** A session whose active states are brought out. */
  session?: HeldSession
}

/** In which form a chart is written. */
export interface Writing {
  /** `json`, which is the default, or `scxml`. */
  format?: 'json' | 'scxml'
}

/** How a step is taken. */
export interface Stepping {
  /** The instant; by default the clock's. */
  now?: Instant
  /** Whether it is told what happened: the guards that were asked, the states that were left and entered. */
  trace?: boolean
}

/** Of whom an event is, and for whom. */
export interface StepTarget extends Stepping {
  /** The id under which what tells it was invoked, if it was. */
  invokeId?: string
  /** The session below that is told, by its id; by default the session itself. */
  to?: string
}

/** A session: what was answered last, or its text, as it was kept. */
export type HeldSession = string | Pick<ChartSession, 'session'>

/** What a session is. */
export interface ChartSession {
  /** The session as text, to be kept and given back with the next event. It names the version of its chart. */
  readonly session: string
  /** Its id. */
  readonly id: string
  /** Whether it has come to an end. */
  readonly done: boolean
  /** The active states without children, in document order. */
  readonly states: readonly string[]
  /** All active states, in document order. */
  readonly configuration: readonly string[]
  /**
   * Its variables. A whole number past 2^53 is a `bigint`; where there is another that JavaScript cannot hold, to read this is an
   * `UndecidedError`, and `dataText` has it.
   */
  readonly data: Readonly<Record<string, unknown>>
  /** Its variables as JSON, to the digit. */
  readonly dataText: string
  /** What waits for its time, in the order in which it is due. */
  readonly pending: readonly ChartPending[]
}

/** What came of a step: the session as it is now, and what is to be done. */
export interface ChartStep extends ChartSession {
  /** Whether the event was heard: a transition was taken for it, or what was invoked was told. */
  readonly heard: boolean
  /** What is to be done, in order, once the session is kept. */
  readonly effects: readonly ChartEffect[]
  /** What went wrong in expressions, with the path where: a guard that fails does not hold, an action that fails ends its block. */
  readonly faults: readonly string[]
  /** What happened, where that was asked for. */
  readonly trace: readonly ChartMicrostep[]
}

/** A timer or a delayed event that waits. */
export interface ChartPending {
  /** The id of the session that it belongs to. */
  readonly session: string
  /** When it is due: then `advance` the session. */
  readonly due: Timestamp
  /** The event. */
  readonly event: string
  /** What becomes of it when its session rests. */
  readonly restore: 'deadline' | 'remaining' | 'restart'
}

/** Something that a chart asks for. */
export interface ChartEffect {
  /** What: `send` a message, `invoke` a service, `cancel_invoke` one, `forward` an event to one, `log` something, or the session is `done`. */
  readonly kind: 'send' | 'invoke' | 'cancel_invoke' | 'forward' | 'log' | 'done'
  /** The id of the session that asks for it. */
  readonly session: string
  /** The id of the message or service. */
  readonly id?: string
  /** Where the message goes. */
  readonly target?: string
  /** What kind of processor or service it is for. */
  readonly type?: string
  /** The event's name, or what a line of the log is about. */
  readonly name?: string
  /** Where the service is to be found. */
  readonly src?: string
  /** What is carried, if anything; its numbers are as those of a session's `data`. */
  readonly data?: unknown
  /** What is carried as JSON, to the digit. */
  readonly dataText?: string
}

/**
 * A chart that cases run on: `const chart = await Chart.open('onboarding.yaml')`. It is loaded once, and then each step is taken at once, in
 * microseconds.
 *
 * It keeps no session: each step answers the session as text, which is the caller's to keep, and which the next step takes. What was answered
 * is never changed, so that a step which is refused, or whose `session` could not be kept, has not happened.
 *
 *     let at = chart.start('case-1', { applicant: 'c42' })
 *     at = chart.step(at, 'submitted', { documents: 2 })
 *     await keep(at.id, at.session)
 *     for (const effect of at.effects) await perform(effect)
 *
 * Data going in is what JSON can say, and its numbers are exact, as those of a policy's input are: see `Policy`. So are those of what is
 * answered.
 */
export class Chart {
  readonly #native: NativeChart

  private constructor(opened: NativeChart) {
    this.#native = opened
  }

  /** Opens the chart in a file of YAML, JSON or SCXML. One that is refused is a `ChartError` with all that is wrong, by row, column and path. */
  static async open(path: string, options: ChartOptions = {}): Promise<Chart> {
    mustBeText(path, 'path', 'onboarding.yaml')
    const request = opening({ path }, options)
    return new Chart(await settle(() => native.openChart(request)))
  }

  /** A chart of a text of YAML, JSON or SCXML, at once: `Chart.of('{chart: 1, id: papers, states: {waiting: {on: {sent: done}}, done: {type: final}}}')`. */
  static of(text: string, options: ChartOptions = {}): Chart {
    mustBeText(text, 'text', '{chart: 1, id: papers, states: {}}')
    const request = opening({ text }, options)
    return new Chart(settleSync(() => native.openChartSync(request)))
  }

  /** What was loaded: its name, the digest that names this content, its states and variables, and the events that it waits for. */
  describe(): ChartView {
    return read('ChartView', this.#asked({ op: 'describe_chart' }))
  }

  /**
   * What is probably wrong in it, although it loads: each with its row, column and path, and how to mend it. By
   * `chart.lint({ outside: ['submitted', 'document.*'] })` it is also told which transitions wait for an event that nothing makes.
   */
  lint(how: Linting = {}): readonly ChartFinding[] {
    return findingsOf(this.#asked({ ...how, op: 'lint_chart' }))
  }

  /** A picture of it, as text: `chart.draw({ format: 'mermaid', session: at })`. One that is too large to be drawn is a `ChartError`. */
  draw({ session, ...how }: Drawing = {}): string {
    return (this.#asked({ ...how, op: 'draw_chart', session: session === undefined ? undefined : heldText(session) }) as { text: string }).text
  }

  /** Its text as JSON, the same bytes for the same chart; or as SCXML: `chart.write({ format: 'scxml' })`. */
  write(how: Writing = {}): string {
    return (this.#asked({ ...how, op: 'write_chart' }) as { text: string }).text
  }

  /**
   * Begins a session, with an id of the caller's own. `data` is what its variables begin with, by name; the others begin as the chart says.
   * Data that is not as the chart's schema has it is a `RefusedError`.
   */
  start(id: string, data?: Readonly<Record<string, unknown>>, how: Stepping = {}): ChartStep {
    mustBeText(id, 'id', 'case-1')
    return this.#stepped('start_session', { id }, how, data)
  }

  /**
   * Gives an event to a session, with what it carries, if anything. One that nothing waits for changes nothing, and is no error. A
   * `RefusedError` is one that the session cannot take: it has ended, say, or its data would not be as its schema has it. A session of
   * another version of the chart is an `InvalidError`.
   */
  step(session: HeldSession, event: string, data?: unknown, { invokeId, ...how }: StepTarget = {}): ChartStep {
    mustBeText(event, 'event', 'document.received')
    return this.#stepped('step_session', { session: heldText(session), event, invoke_id: invokeId }, how, data)
  }

  /** Lets time pass for a session: its timers that are due happen. Do this when the first of its `pending` is due. */
  advance(session: HeldSession, how: Stepping = {}): ChartStep {
    return this.#stepped('advance_session', { session: heldText(session) }, how)
  }

  /** Goes on with a session that rested since an instant, its timers as their `restore` says. */
  resume(session: HeldSession, suspendedAt: Instant, how: Stepping = {}): ChartStep {
    const suspended = instantText(suspendedAt, 'suspendedAt')
    if (suspended === undefined) throw new TypeError('suspendedAt: give a Timestamp, a Date or text')
    return this.#stepped('resume_session', { session: heldText(session), suspended_at: suspended }, how)
  }

  /** Ends a session from outside: its states are left. */
  cancel(session: HeldSession, how: Stepping = {}): ChartStep {
    return this.#stepped('cancel_session', { session: heldText(session) }, how)
  }

  /** What a session that was kept is. */
  session(session: HeldSession): ChartSession {
    const { data, ...told } = sessionOf(this.#asked({ op: 'describe_session', session: heldText(session) }) as SessionTold)
    return withData(told, data)
  }

  #stepped(op: string, fields: object, { now, ...how }: Stepping, carried?: unknown): ChartStep {
    const request = withExact(json({ ...how, op, ...fields, now: instantText(now, 'now') }), 'data', carried)
    const told = JSON.parse(settleSync(() => this.#native.call(request))) as StepTold
    const { data, ...at } = sessionOf(told.at)
    const effects = Object.freeze(told.effects.map(({ data, ...effect }) => withData(effect, data) as ChartEffect))
    const trace = Object.freeze(told.trace.map((step) => read<ChartMicrostep>('ChartMicrostep', step)))
    const faults = Object.freeze(told.faults)
    return withData({ ...at, heard: told.heard, effects, faults, trace }, data)
  }

  #asked(request: object): unknown {
    const text = json(request)
    return JSON.parse(settleSync(() => this.#native.call(text)))
  }
}

/** A session as the wire has it: its data is a text of JSON. */
type SessionTold = Omit<ChartSession, 'data' | 'dataText' | 'pending'> & { data: string; pending: (Omit<ChartPending, 'due'> & { due: string })[] }

interface StepTold {
  at: SessionTold
  heard: boolean
  faults: string[]
  effects: (Omit<ChartEffect, 'data' | 'dataText'> & { data?: string })[]
  trace: unknown[]
}

/** What names a chart, as the wire has it. */
function opening(chart: object, { policy, keys, ...options }: ChartOptions): string {
  return json({ ...options, ...chart, policy: askedPolicy(policy, keys) })
}

/** @internal The policy that guards ask, as the wire has it. */
export function askedPolicy(policy?: PolicyBundle, keys?: readonly PolicyKey[]): object | undefined {
  if (keys !== undefined && policy === undefined) throw new TypeError('keys: they are for the policy, and there is none')
  return policy === undefined ? undefined : bundleOf(policy, keys)
}

/** @internal What is probably wrong, as it was answered. */
export function findingsOf(told: unknown): readonly ChartFinding[] {
  return Object.freeze((told as unknown[]).map((found) => read<ChartFinding>('ChartFinding', found)))
}

function heldText(held: HeldSession): string {
  const text: unknown = typeof held === 'object' && held !== null ? held.session : held
  if (typeof text !== 'string') throw new TypeError(`session: give what was answered, or its \`session\`, not a ${typeof text}`)
  return text
}

function sessionOf({ states, configuration, pending, ...told }: SessionTold) {
  return {
    ...told,
    states: Object.freeze(states),
    configuration: Object.freeze(configuration),
    pending: Object.freeze(pending.map(({ due, ...waits }) => Object.freeze({ ...waits, due: Timestamp.parse(due) }))),
  }
}

/** A value with its data: the step has been taken, whether JavaScript can hold them or not, and its session is to be kept. */
function withData<T extends object>(told: T, text: string): Readonly<T & Pick<ChartSession, 'data' | 'dataText'>>
function withData<T extends object>(told: T, text: string | undefined): Readonly<T>
function withData(told: object, text: string | undefined): object {
  if (text !== undefined) tellExactly(told, 'data', text)
  return Object.freeze(told)
}
