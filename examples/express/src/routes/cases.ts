// The back office: what waits, and who decides it; and what identity providers tell.
import type { Express, Request, RequestHandler } from 'express'
import { type CaseContext, type CaseOutcome, type CaseView, InvalidError, type Thalium } from 'thalium'
import { type CallbackProvider, type CallbackView, callbackMiddleware } from 'thalium/kyc'
import { callerOf, contextOf, operatorsOnly } from '../auth.js'
import { hasKey, isCustomer } from '../books.js'
import { KIND, type Webhooks } from '../cases.js'
import { type Fields, PAGE_MAX, fieldsOf, instantOf, maybe, oneOf, pathOf, queryOf, textOf, textsOf, whole as wholeOf } from '../input.js'
import { type Kind, Problem, notFound } from '../problems.js'
import { keyOf, withKey } from '../idempotency.js'

/** No longer body of a callback is kept with a case. */
const ORIGINAL_MAX = 64 << 10
const statusOf = oneOf('open', 'ended', 'cancelled')
const findingOf = oneOf('approve', 'reject', 'revise')
const KINDS: Readonly<Record<number, Kind>> = { 400: 'malformed', 401: 'unauthenticated', 413: 'too-large' }

/** What an officer sees of a case, and of one that they look at. */
const shown = ({ case: key, status, states, version, openedAt, place, assignee, snoozedUntil, pending, decided, evidenceDigest, data }: CaseView) =>
  ({ case: key, status, states, version, openedAt, place, assignee, snoozedUntil, pending, decided, evidenceDigest, data })
const whole = (view: CaseView) => {
  const { documents, evidence, overrides, sealed, withheld } = view
  return { ...shown(view), documents, evidence, overrides, sealed, withheld }
}

export function cases(app: Express, ledger: Thalium): void {
  app.get('/queues', operatorsOnly, async (_request, response) => {
    response.json({ queues: await ledger.cases.queues() })
  })

  app.get('/cases', operatorsOnly, async (request, response) => {
    const query = queryOf(request, 'queue', 'status', 'after', 'limit')
    const page = await ledger.cases.page({
      ...maybe(query, 'queue', textOf), ...maybe(query, 'status', statusOf), ...maybe(query, 'after', textOf),
      ...(query.limit === undefined ? {} : { limit: wholeOf('limit', query.limit, 1, PAGE_MAX) }),
    })
    response.json({ ...page, cases: page.cases.map(shown) })
  })

  // What is sealed to the customer is told for a reason, which the customer can read.
  app.get('/cases/:key', operatorsOnly, async (request, response) => {
    const { why } = maybe(queryOf(request, 'why'), 'why', textOf)
    const { actor } = contextOf(response)
    response.json(whole(await found(ledger.cases.get(pathOf(request, 'key'), why === undefined ? {} : { open: { why, actor } }))))
  })

  app.get('/cases/:key/log', operatorsOnly, async (request, response) => {
    const query = queryOf(request, 'why', 'after', 'limit')
    const { why } = maybe(query, 'why', textOf)
    const { actor } = contextOf(response)
    const key = pathOf(request, 'key')
    await found(ledger.cases.get(key))
    const page = await ledger.cases.logPage({
      case: key, ...(why === undefined ? {} : { open: { why, actor } }),
      ...(query.after === undefined ? {} : { after: wholeOf('after', query.after, 0, Number.MAX_SAFE_INTEGER) }),
      ...(query.limit === undefined ? {} : { limit: wholeOf('limit', query.limit, 1, PAGE_MAX) }),
    })
    response.json({
      ...page,
      entries: page.entries.map(({ askedText: _, stepsText: __, ...entry }) => entry),
    })
  })

  app.get('/reports/cases', operatorsOnly, async (_request, response) => {
    response.json(await ledger.cases.report())
  })

  for (const act of ['claim', 'release'] as const) {
    app.post(`/cases/:key/${act}`, operatorsOnly, withKey, async (request, response) => {
      fieldsOf(request, [], { empty: true })
      const { actor } = contextOf(response)
      // A retry gives back nothing that somebody else has taken since.
      const requestId = `${act}/${callerOf(response).operator}/${keyOf(request)}`
      const { replayed, now } = done(await ledger.cases[act](pathOf(request, 'key'), { actor, requestId }))
      response.json({ replayed, case: shown(now) })
    })
  }

  app.post('/cases/:key/notes', operatorsOnly, withKey, async (request, response) => {
    const text = textOf(fieldsOf(request, ['text']), 'text')
    const { actor } = contextOf(response)
    const requestId = `note/${callerOf(response).operator}/${keyOf(request)}`
    const { replayed, now } = done(await ledger.cases.note(pathOf(request, 'key'), text, { actor, requestId }))
    response.json({ replayed, case: shown(now) })
  })

  app.post('/cases/:key/decide', operatorsOnly, withKey, async (request, response) => {
    const fields = fieldsOf(request, ['decision', 'seen', 'reasons', 'comment'])
    const ballot = { seen: textOf(fields, 'seen'), reasons: textsOf(fields, 'reasons'), ...maybe(fields, 'comment', textOf) }
    const { actor } = contextOf(response)
    // Each operator's own: nobody's vote is taken for another's retry.
    const requestId = `decide/${callerOf(response).operator}/${keyOf(request)}`
    const { replayed, now } = done(await ledger.cases.decide(pathOf(request, 'key'), textOf(fields, 'decision'), { ...ballot, actor, requestId }))
    response.json({ replayed, case: shown(now) })
  })

  /** A route by which an operator does something to a case. A retry does nothing, and is each operator's own. */
  const route = (
    path: string, allowed: readonly string[],
    act: (key: string, fields: Fields, asking: Pick<CaseContext, 'actor' | 'requestId'>, request: Request) => Promise<CaseOutcome>,
  ): void => {
    const at: string = `/cases/:key/${path}`
    const what = path.replace('/:document', '')
    app.post(at, operatorsOnly, withKey, async (request, response) => {
      const fields = fieldsOf(request, allowed, { empty: allowed.length === 0 })
      const { actor } = contextOf(response)
      const requestId = `${what}/${callerOf(response).operator}/${keyOf(request)}`
      const { replayed, now } = done(await act(pathOf(request, 'key'), fields, { actor, requestId }, request))
      response.json({ replayed, case: shown(now) })
    })
  }
  route('documents', ['document', 'why'], (key, fields, asking) =>
    ledger.cases.requestDocument(key, textOf(fields, 'document'), { ...maybe(fields, 'why', textOf), ...asking }))
  // For the bytes that were looked at: `seen` is their SHA-256, as the case shows it.
  route('documents/:document/decide', ['finding', 'seen', 'reasons', 'validUntil'], (key, fields, asking, request) =>
    ledger.cases.decideDocument(key, pathOf(request, 'document'), findingOf(fields, 'finding'), {
      seen: textOf(fields, 'seen'), ...maybe(fields, 'reasons', textsOf), ...maybe(fields, 'validUntil', instantOf), ...asking,
    }))
  route('evidence', ['name', 'hash', 'file'], (key, fields, asking) =>
    ledger.cases.attach(key, textOf(fields, 'name'), textOf(fields, 'hash'), { ...maybe(fields, 'file', textOf), ...asking }))
  route('return', ['why'], (key, fields, asking) => ledger.cases.returnDecision(key, textOf(fields, 'why'), asking))
  route('override', ['why', 'until'], (key, fields, asking) =>
    ledger.cases.override(key, textOf(fields, 'why'), instantOf(fields, 'until'), asking))
  route('assign', ['to'], (key, fields, asking) => ledger.cases.assign(key, textOf(fields, 'to'), asking))
  route('escalate', ['queue', 'why'], (key, fields, asking) =>
    ledger.cases.escalate(key, textOf(fields, 'queue'), textOf(fields, 'why'), asking))
  route('snooze', ['until', 'why'], (key, fields, asking) =>
    ledger.cases.snooze(key, instantOf(fields, 'until'), textOf(fields, 'why'), asking))
  route('wake', [], (key, _fields, asking) => ledger.cases.wake(key, asking))
  route('reopen', ['why'], (key, fields, asking) => ledger.cases.reopen(key, textOf(fields, 'why'), asking))
  route('cancel', ['why'], (key, fields, asking) => ledger.cases.cancel(key, textOf(fields, 'why'), asking))
}

/** What was done; what was refused is a problem. */
function done({ code, reason = '', now, replayed }: CaseOutcome): { now: CaseView; replayed: boolean } {
  if (code === 'no_case') throw notFound(reason)
  if (!now) throw new Problem('refused', reason, { code })
  return { now, replayed }
}

/** A case that is there. */
async function found(asked: Promise<CaseView>): Promise<CaseView> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof InvalidError && error.field === 'case') throw notFound(error.message)
    throw error
  }
}

/** Open to everyone: who sends is proven by the signature, over the bytes as they came, or by the address that they came from. */
export function webhooks(app: Express, ledger: Thalium, known: Webhooks): void {
  const proven = new Map<string, RequestHandler>(Object.entries(known).map(([provider, of]) => [provider, callbackMiddleware({
    // The address is that of the connection; behind a gateway of your own, what Express's `trust proxy` makes of its headers.
    provider: provider as CallbackProvider, ...of, from: (request: Request) => request.ip, onRefused: (error) => console.error(error),
    onProblem: ({ status, detail }, next) => next(new Problem(KINDS[status] ?? 'internal', detail)),
  })]))

  app.post('/webhooks/:provider', (request, response, next) => {
    const provider = pathOf(request, 'provider')
    const prove = proven.get(provider)
    if (!prove) throw notFound(`there is no provider ${JSON.stringify(provider)}`)
    return prove(request, response, next)
  }, async (request, response) => {
    const { provider, subject, data } = request.callback as CallbackView
    // The customer's number is the reference that the provider was given; what is of nobody here is for no case.
    if (subject === undefined || !isCustomer(subject)) return void response.json({ heard: false, replayed: false, late: false })
    const actor = `provider.${provider}`
    // The first that is heard of a customer opens the case, sealed to them where they are registered and there is a key.
    const party = await hasKey(ledger) ? await ledger.parties.get(subject) : undefined
    // Of somebody who was forgotten nothing is kept any more, and the provider need not come again.
    if (party?.forgotten) return void response.json({ heard: false, replayed: false, late: false })
    const opened = await ledger.cases.open(subject, KIND, undefined, { actor, ...(party ? { party: subject } : {}) })
    if (!opened.ok && opened.code !== 'case_exists') throw new Problem('refused', opened.reason ?? '', { code: opened.code })
    // The case knows what came before, and what a newer one has overtaken. It keeps the original where it can be sealed, and forgotten, with someone.
    const { party: about } = opened.now ?? await ledger.cases.get(subject)
    const body = (request as { rawBody?: Uint8Array }).rawBody as Uint8Array
    // One that is too long is delivered all the same: its SHA-256 is kept.
    const original = about === undefined || body.byteLength > ORIGINAL_MAX ? {} : { body }
    const { ok, heard, replayed, late, code, reason = '' } = await ledger.cases.callback(subject, data, { actor, ...original })
    if (!ok) throw new Problem('refused', reason, { code })
    response.json({ heard, replayed, late })
  })
}
