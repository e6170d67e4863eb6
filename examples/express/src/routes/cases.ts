// The back office: what waits, and who decides it; and what identity providers tell.
import type { Express, RequestHandler } from 'express'
import type { CaseView, Thalium } from 'thalium'
import { type CallbackProvider, type CallbackView, callbackMiddleware } from 'thalium/kyc'
import { callerOf, contextOf, operatorsOnly } from '../auth.js'
import { isCustomer } from '../books.js'
import { KIND, type Webhooks } from '../cases.js'
import { PAGE_MAX, fieldsOf, maybe, oneOf, pathOf, queryOf, textOf, textsOf, whole } from '../input.js'
import { type Kind, Problem, notFound } from '../problems.js'
import { keyOf, withKey } from '../idempotency.js'

const statusOf = oneOf('open', 'ended', 'cancelled')
const KINDS: Readonly<Record<number, Kind>> = { 400: 'malformed', 401: 'unauthenticated', 413: 'too-large' }

/** What an officer sees of a case. */
const shown = ({ case: key, status, states, version, openedAt, place, assignee, pending, decided, evidenceDigest, data }: CaseView) =>
  ({ case: key, status, states, version, openedAt, place, assignee, pending, decided, evidenceDigest, data })

export function cases(app: Express, ledger: Thalium): void {
  app.get('/queues', operatorsOnly, async (_request, response) => {
    response.json({ queues: await ledger.cases.queues() })
  })

  app.get('/cases', operatorsOnly, async (request, response) => {
    const query = queryOf(request, 'queue', 'status', 'after', 'limit')
    const page = await ledger.cases.page({
      ...maybe(query, 'queue', textOf), ...maybe(query, 'status', statusOf), ...maybe(query, 'after', textOf),
      ...(query.limit === undefined ? {} : { limit: whole('limit', query.limit, 1, PAGE_MAX) }),
    })
    response.json({ ...page, cases: page.cases.map(shown) })
  })

  app.post('/cases/:key/decide', operatorsOnly, withKey, async (request, response) => {
    const fields = fieldsOf(request, ['decision', 'seen', 'reasons', 'comment'])
    const ballot = { seen: textOf(fields, 'seen'), reasons: textsOf(fields, 'reasons'), ...maybe(fields, 'comment', textOf) }
    const { actor } = contextOf(response)
    // Each operator's own: nobody's vote is taken for another's retry.
    const requestId = `decide/${callerOf(response).operator}/${keyOf(request)}`
    const outcome = await ledger.cases.decide(pathOf(request, 'key'), textOf(fields, 'decision'), { ...ballot, actor, requestId })
    const { code, reason = '', now } = outcome
    if (code === 'no_case') throw notFound(reason)
    if (!now) throw new Problem('refused', reason, { code })
    response.json({ replayed: outcome.replayed, case: shown(now) })
  })
}

/** Open to everyone: who sends is proven by the signature, over the bytes as they came. */
export function webhooks(app: Express, ledger: Thalium, keys: Webhooks): void {
  const proven = new Map<string, RequestHandler>(Object.entries(keys).map(([provider, of]) => [provider, callbackMiddleware({
    provider: provider as CallbackProvider, keys: of, onRefused: (error) => console.error(error),
    onProblem: ({ status, detail }, next) => next(new Problem(KINDS[status] ?? 'internal', detail)),
  })]))

  app.post('/webhooks/:provider', (request, response, next) => {
    const provider = pathOf(request, 'provider')
    const prove = proven.get(provider)
    if (!prove) throw notFound(`there is no provider ${JSON.stringify(provider)}`)
    return prove(request, response, next)
  }, async (request, response) => {
    const { provider, subject, event, data, eventId } = request.callback as CallbackView
    // The customer's number is the reference that the provider was given; what is of nobody here is for no case.
    if (subject === undefined || !isCustomer(subject)) return void response.json({ heard: false, replayed: false })
    const actor = `provider.${provider}`
    // The first that is heard of a customer opens the case, sealed to them where they are registered.
    const party = await ledger.parties.get(subject)
    const opened = await ledger.cases.open(subject, KIND, undefined, { actor, ...(party ? { party: subject } : {}) })
    if (!opened.ok && opened.code !== 'case_exists') throw new Problem('refused', opened.reason ?? '', { code: opened.code })
    // One that comes twice is the same request.
    const { ok, heard, replayed, code, reason = '' } = await ledger.cases.send(subject, event, data, { actor, requestId: eventId })
    if (!ok) throw new Problem('refused', reason, { code })
    response.json({ heard, replayed })
  })
}
