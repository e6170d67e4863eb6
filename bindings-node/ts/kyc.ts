/**
 * What is asked about people and needs nothing that is open: machine-readable zones of travel documents, callbacks of identity providers,
 * risk scores, workflow definitions of Ballerine, what is probably wrong in a kind of cases; and middleware that lets a callback through which its
 * provider has signed. Also as `import { readMrz } from 'thalium/kyc'`.
 *
 * @module
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import { Readable } from 'node:stream'
import type { CaseDialect } from './cases.js'
import { askedPolicy, findingsOf } from './chart.js'
import { InvalidError, RefusedError, settleSync } from './errors.js'
import { withExact } from './exact.js'
import { PROBLEM, type Problem } from './idempotency.js'
import { native } from './native.js'
import { mustBeText } from './policy.js'
import { bodyText, json, read, shapesWith } from './read.js'
import { type Instant, type Timestamp, instantText } from './timestamp.js'
import type { BallerineImport, ChartFinding, MrzView, RulesImport } from './types.js'

/** An identity provider whose callbacks are understood. */
export type CallbackProvider = 'onfido' | 'persona' | 'sumsub' | 'veriff' | 'jumio' | 'ballerine'

/** A key that callbacks are signed with. */
export interface CallbackKey {
  /** What it is called. */
  id: string
  /** The secret, as the provider shows it. */
  secret: string
  /** The name of the client that the provider sends along, where it does. */
  client?: string
  /** From when on it is valid. */
  notBefore?: Instant
  /** Until when it is valid. */
  notAfter?: Instant
}

/** Headers, as Express and Fastify have them, as `fetch` does (`Headers`), or pairs of a name and a value. */
export type CallbackHeaders = Readonly<Record<string, string | readonly string[] | undefined>> | Iterable<readonly [string, string]>

/** How it is proven who sent a callback. */
export interface CallbackProof {
  /** How many seconds what is signed with a time may be away from now; by default 300. */
  tolerance?: number
  /** The addresses that a provider sends from that signs nothing. */
  allowed?: readonly string[]
}

/** When a callback came, and from where. */
export interface CallbackArrival extends CallbackProof {
  /** The address of the connection, for a provider that signs nothing. */
  from?: string
  /** The instant; by default the clock's. */
  now?: Instant
}

/** A callback that was proven and read. */
export interface CallbackView {
  /** Who sent it. */
  readonly provider: CallbackProvider
  /** The id of the key that signed it. */
  readonly key?: string
  /** When it was signed, where the provider says so. */
  readonly signedAt?: Timestamp
  /** The id by which a second delivery is known: a case knows it by that (`t.cases.callback`). */
  readonly eventId: string
  /** What the provider calls it. */
  readonly kind: string
  /** The provider's own id of the check. */
  readonly about: string
  /** The caller's own reference, where the provider carries it. */
  readonly subject?: string
  /** When it happened. */
  readonly occurredAt?: Timestamp
  /** What it comes to, in the same words for every provider. */
  readonly outcome: 'approved' | 'rejected' | 'rejected_retry' | 'review' | 'expired' | 'cancelled' | 'processing' | 'other'
  /** The provider's own reasons. */
  readonly reasons: readonly string[]
  /** Whether it is of the provider's sandbox, where it says so. */
  readonly sandbox?: boolean
  /** The SHA-256 of the body, to be kept with it as evidence. */
  readonly evidence: string
  /** The event that a chart is told, such as `check.approved`. */
  readonly event: string
  /** What that carries. */
  readonly data: Readonly<Record<string, unknown>>
  /** What that carries as JSON, to the digit. */
  readonly dataText: string
}

/** What an officer decided in place of a score: a `level` or a `score`, by whom, why and until when. */
export interface RiskOverride {
  /** The level. */
  level?: string
  /** The score: decimal text, or a number. */
  score?: string | number | bigint
  /** Who decided. */
  by: string
  /** Why. */
  reason: string
  /** Until when. */
  expires: Instant
  /** Since when. */
  since?: Instant
}

/** The risk of a customer. */
export interface RiskScore {
  /** The score: a decimal number as text. */
  readonly score: string
  /** The level that it comes to. */
  readonly level: string
  /** Whether there is to be no business with the customer. */
  readonly refuse: boolean
  /** When the information about the customer is to be updated. */
  readonly refreshBy?: Timestamp
  /** What it was made of, point by point, for people. */
  readonly explained: readonly string[]
  /** The digest of the model. */
  readonly model: string
  /** All of it: the text of a JSON object, whose numbers are exact. */
  readonly text: string
}

/** Which callbacks a route takes. */
export interface CallbackOptions<R = any> extends CallbackProof {
  /** Who sends them. */
  provider: CallbackProvider
  /** The keys of which one must have signed them; none for a provider that signs nothing. */
  keys?: readonly CallbackKey[]
  /** The address of the connection, for a provider that signs nothing; by default that of the socket, which behind a proxy is the proxy's. */
  from?: (request: R) => string | undefined
  /** Is told why a callback was not let through, for the log. */
  onRefused?: (error: unknown) => void
  /** What becomes of such a request, in place of an answer 400, 401 or 413: `(problem, next) => next(new MyError(problem.detail))`. */
  onProblem?: (problem: Problem, next: (error: unknown) => void) => void
}

declare global {
  // Where Express's types are, its requests have the callback.
  namespace Express {
    interface Request {
      /** The callback, behind `callbackMiddleware(…)`. */
      callback?: CallbackView
    }
  }
}

const OF_KYC = shapesWith({
  CallbackView: { signed_at: 'instant', occurred_at: 'instant', data: 'exact' },
  RiskScore: { refresh_by: 'instant' },
})

/** No body of a callback has more bytes. */
const BODY_MAX = 1 << 20

function answer(request: string): unknown {
  return JSON.parse(settleSync(() => native.runSync(request)))
}

function ask<T>(type: string, request: string): T {
  return read<T>(type, answer(request), '', OF_KYC)
}

/**
 * Reads the machine-readable zone of a passport, a card or a visa: its lines, or one run of its characters. `today` is the day for which is told
 * whether it has expired, by default that of the clock in UTC. A zone that is none is an `InvalidError`; one whose check digits are wrong is
 * read, and not `valid`.
 */
export function readMrz(text: string, { today }: { today?: string } = {}): MrzView {
  mustBeText(text, 'text', 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\\nL898902C36UTO7408122F1204159ZE184226B<<<<<10')
  return ask('MrzView', json({ op: 'read_mrz', text, today }))
}

/**
 * Proves who sent a callback, and reads it: `readCallback('onfido', request.headers, body, [{ id: '2026', secret }])`. The body is the bytes as
 * they came: JSON that was read and written again is another text. One of the keys must have signed it; while a secret is exchanged for the next,
 * give both.
 *
 * One that is not proven is a `RefusedError`, which tells no secret. What came a second time has the same `eventId`.
 */
export function readCallback(
  provider: CallbackProvider, headers: CallbackHeaders, body: string | Uint8Array, keys: readonly CallbackKey[],
  { now, ...arrival }: CallbackArrival = {},
): CallbackView {
  const asked = { ...arrival, provider, headers: headersOf(headers), body: bodyText(body), keys: keys.map(keyOf), now: instantText(now, 'now') }
  return ask('CallbackView', json({ op: 'read_callback', ...asked }))
}

/**
 * The risk of a customer, by a model of YAML or JSON: `scoreRisk(model, { country: 'ZA', volume: '250000.00' }).level`. Facts are what JSON can
 * say, and their numbers are exact, as those of a policy's input are: see `Policy`. A model that is refused is a `ChartError` with all that is
 * wrong, by row and column; facts that it cannot be computed from are a `RefusedError`.
 */
export function scoreRisk(
  model: string, facts: Readonly<Record<string, unknown>>, { overrides, now }: { overrides?: readonly RiskOverride[]; now?: Instant } = {},
): RiskScore {
  mustBeText(model, 'model', 'risk: 1')
  const request = withExact(json({ op: 'score_risk', model, now: instantText(now, 'now') }), 'facts', facts)
  return ask('RiskScore', withExact(request, 'overrides', overrides))
}

/**
 * Makes charts of workflow definitions of Ballerine, a text of JSON: one, or a list of which the first is the main one. `chart` is its text, and
 * `charts` those of the others: `Chart.of(chart, { charts, dialect })`. What Ballerine tolerates is told as `leniencies`, and refused with `strict`. What
 * cannot be carried over is a `ChartError`.
 */
export function importBallerine(text: string, { strict }: { strict?: boolean } = {}): BallerineImport {
  mustBeText(text, 'text', '{"id": "kyc", "definition": {}}')
  return ask('BallerineImport', json({ op: 'import_ballerine', text, strict }))
}

/**
 * Makes a guard of a set of rules of Ballerine's rule engine, a text of JSON: `{"operator": "and", "rules": [{"key": …, "operator": …, "value": …}]}`.
 * `guard` is the text of a rule of JSON Logic, for charts of the `dialect` `javascript`. An operator that looks at more than a value, or asks others, is a
 * `ChartError`.
 */
export function importRules(text: string): RulesImport {
  mustBeText(text, 'text', '{"operator": "and", "rules": []}')
  return ask('RulesImport', json({ op: 'import_rules', text }))
}

/**
 * What is probably wrong in a kind of cases, although it loads, beside its charts: votes that no chart hears where they are given, queues that no
 * case comes to. Each with its row, column and path, and how to mend it; what is wrong in a chart itself `chart.lint()` tells.
 *
 * It takes what `t.cases.define` takes, and defines nothing. A kind or a chart that is refused is a `ChartError` with all that is wrong, by row,
 * column and path.
 */
export function lintCases(kind: string, charts: readonly string[], { policy, keys, ...how }: CaseDialect = {}): readonly ChartFinding[] {
  mustBeText(kind, 'kind', '{case: 1, id: papers, chart: papers}')
  return findingsOf(answer(json({ ...how, op: 'lint_cases', kind, charts, policy: askedPolicy(policy, keys) })))
}

function headersOf(headers: CallbackHeaders): object[] {
  if (typeof headers !== 'object' || headers === null) throw new TypeError('headers: give those of the request, as they came')
  const pairs = Symbol.iterator in headers ? [...(headers as Iterable<readonly [string, string]>)] : Object.entries(headers)
  return pairs.flatMap(([name, value]) => [value ?? []].flat().map((one) => ({ name, value: one })))
}

function keyOf({ notBefore, notAfter, ...key }: CallbackKey): object {
  return { ...key, not_before: instantText(notBefore, 'notBefore'), not_after: instantText(notAfter, 'notAfter') }
}

/** A request as Express has it. */
type Asked = IncomingMessage & { body?: unknown; rawBody?: unknown; callback?: CallbackView }

/** The body of a request where something has kept its bytes. */
function keptBody({ rawBody, body }: { rawBody?: unknown; body?: unknown }): string | Uint8Array | undefined {
  return [rawBody, body].find((kept) => typeof kept === 'string' || kept instanceof Uint8Array) as string | Uint8Array | undefined
}

/** The bytes of a stream; nothing where there are more than are taken. What is left is read and thrown away, so that the client gets its answer. */
function bytesOf(stream: Readable): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = []
    let length = 0
    const broken = (): void => ended(() => reject(new Error('the request broke off')))
    const ended = (then: () => void): void => {
      stream.off('data', take).off('end', whole).off('error', reject).off('close', broken)
      then()
    }
    const whole = (): void => ended(() => resolve(Buffer.concat(parts)))
    const take = (part: Uint8Array | string): void => {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part
      length += bytes.length
      parts.push(bytes)
      if (length <= BODY_MAX) return
      ended(() => resolve(undefined))
      stream.on('error', () => {}).resume()
    }
    stream.on('data', take).once('end', whole).once('error', reject).once('close', broken)
  })
}

const problemOf = (status: number, detail: string): Problem => ({ status, title: STATUS_CODES[status] as string, detail })

/** The callback in a body, or what is wrong with it. What is wrong with the options is thrown. */
function proven(
  { provider, keys = [], tolerance, allowed, onRefused }: CallbackOptions, headers: CallbackHeaders, body: string | Uint8Array | undefined, from: string | undefined,
): CallbackView | Problem {
  if (body === undefined || Buffer.byteLength(body) > BODY_MAX) return problemOf(413, `the body has more than ${BODY_MAX} bytes`)
  const arrival = { ...(tolerance === undefined ? {} : { tolerance }), ...(allowed === undefined ? {} : { allowed }), ...(from === undefined ? {} : { from }) }
  try {
    const text = bodyText(body)
    try {
      JSON.parse(text)
    } catch {
      throw new InvalidError('invalid', 'body: is no JSON', 'body')
    }
    return readCallback(provider, headers, text, keys, arrival)
  } catch (error) {
    const isRefused = error instanceof RefusedError
    if (!isRefused && !(error instanceof InvalidError && error.field === 'body')) throw error
    onRefused?.(error)
    return problemOf(isRefused ? 401 : 400, error.message)
  }
}

const isProblem = (told: CallbackView | Problem): told is Problem => 'status' in told

/** An error that a framework takes for one. */
const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error('the callback is not let through', { cause: thrown }))

/**
 * Express middleware: `app.post('/webhooks/onfido', callbackMiddleware({ provider: 'onfido', keys }), handler)` lets a callback through that its
 * provider has signed, and puts it on `request.callback`. One that is not proven is a 401, one that cannot be read a 400, and one of more than
 * 1 MiB a 413; each is a problem document (RFC 9457).
 *
 * It reads the body itself, as it came, and puts the bytes on `request.rawBody`: stand it before `express.json()`. Where something has kept the
 * bytes, on `request.rawBody` or by `express.raw()` on `request.body`, it takes those. A body that was read by something else goes to `next` as an
 * error, as do options that make no sense.
 */
export function callbackMiddleware<R extends object = any>(options: CallbackOptions<NoInfer<R>>) {
  return async (
    request: NoInfer<R>,
    response: { status(code: number): { type(type: string): { send(body: string): unknown } } },
    next: (error?: unknown) => void,
  ): Promise<void> => {
    const asked = request as unknown as Asked
    let told: CallbackView | Problem
    try {
      let body = keptBody(asked)
      if (body === undefined) {
        if (asked.readableDidRead) throw new Error('the body was read before, and its bytes are gone: put callbackMiddleware() before express.json()')
        body = await bytesOf(asked)
        asked.rawBody = body
      }
      const from = options.from ? options.from(request) : asked.socket.remoteAddress
      told = proven(options, asked.headers, body, from)
    } catch (error) {
      return next(errorOf(error))
    }
    if (!isProblem(told)) {
      asked.callback = told
      return next()
    }
    if (options.onProblem) options.onProblem(told, (error) => next(errorOf(error)))
    else response.status(told.status).type(PROBLEM).send(JSON.stringify(told))
  }
}

/**
 * As `callbackMiddleware`, as a hook of Fastify's: `app.post('/webhooks/onfido', { preParsing: callbackHook({ provider: 'onfido', keys }) }, handler)`.
 * There it reads the body itself, and leaves it to be parsed. Behind something that keeps the bytes, on `request.rawBody` or as `request.body`, it is
 * a `preHandler`, too.
 */
export function callbackHook<R extends object = any>(options: Omit<CallbackOptions<NoInfer<R>>, 'onProblem'>) {
  return async (
    request: NoInfer<R>,
    reply: { code(code: number): { type(type: string): { send(body: unknown): unknown } } },
    ...[payload]: unknown[]
  ): Promise<unknown> => {
    const asked = request as unknown as Pick<Asked, 'body' | 'rawBody' | 'callback' | 'headers'> & { raw: IncomingMessage }
    const stream = payload instanceof Readable ? payload : undefined
    let body = keptBody(asked)
    if (body === undefined) {
      if (!stream) throw new Error('the body was read before, and its bytes are gone: let callbackHook() be a preParsing hook')
      body = await bytesOf(stream)
      asked.rawBody = body
    }
    const from = options.from ? options.from(request) : asked.raw.socket.remoteAddress
    const told = proven(options, asked.headers, body, from)
    if (isProblem(told)) return reply.code(told.status).type(PROBLEM).send(JSON.stringify(told))
    asked.callback = told
    if (!stream || !body) return undefined
    // For the parser, which holds the length that was received against that of the header.
    return Object.assign(Readable.from([body], { objectMode: false }), { receivedEncodedLength: Buffer.byteLength(body) })
  }
}
