// The middleware that asks a policy, on real servers.
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import express, { type NextFunction, type Request, type Response } from 'express'
import fastify, { type FastifyRequest } from 'fastify'
import { type AuthorizeOptions, type Decider, Policy, Thalium, type Verdict, authorize, authorizeHook } from 'thalium'

const reason = (audience: string, message: string): string =>
  `{"code": 10001, "rule": "a/${audience}", "audience": "${audience}", "severity": "low", "message": "${message}"}`
const FILES = { 'a.rego': `package a

reasons := [${reason('customer', 'your limit')}, ${reason('operator', 'a secret')}, ${reason('officer', 'a secret')}]

verdict := {"outcome": input.outcome, "reasons": reasons, "obligations": [{"type": "open_case", "queue": "a secret", "kind": "a secret"}]}
` }
const policy = Policy.of(FILES)

interface Body { outcome: unknown }

// What is sent, its status, and the code of the problem; what the answer may not hold is looked for in every one.
const CASES: [unknown, number, string | undefined][] = [
  ['allow', 200, undefined],
  ['review', 403, 'review'],
  ['deny', 403, 'deny'],
  ['perhaps', 503, 'undecided'],
  [undefined, 403, 'deny'],
  ['late', 200, undefined],
  // What the input's maker throws is the application's.
  ['thrown', 500, undefined],
  ['thrown late', 500, undefined],
  ['thrown nothing', 500, undefined],
  ['thrown route', 500, undefined],
  ['not finite', 503, 'undecided'],
]

function inputOf({ body }: { body: Body }): unknown {
  const { outcome } = body
  switch (outcome) {
    case 'late':
      return Promise.resolve({ outcome: 'allow' })
    case 'thrown':
      throw new Error('thrown')
    case 'thrown late':
      return Promise.reject(new Error('thrown'))
    case 'thrown nothing':
      throw undefined
    case 'thrown route':
      throw 'route'
    case 'not finite':
      return { outcome: 'allow', amount: Number.NaN }
  }
  return { outcome }
}

async function check(port: number, errors: unknown[]): Promise<void> {
  for (const [outcome, status, code] of CASES) {
    const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ outcome }) }
    const answer = await fetch(`http://127.0.0.1:${port}/`, sent)
    const text = await answer.text()
    assert.equal(answer.status, status, `${String(outcome)}: ${text}`)
    if (status === 200) assert.deepEqual(JSON.parse(text), { seen: 'allow', obligations: ['open_case'] })
    else assert.ok(!text.includes('a secret') && !text.includes('seen'), text)
    if (code === undefined) continue
    assert.match(answer.headers.get('content-type')!, /^application\/problem\+json/)
    const body = JSON.parse(text)
    assert.deepEqual([body.status, body.code], [status, code])
    const told = ['review', 'deny'].includes(code) && outcome !== undefined ? ['your limit'] : []
    assert.deepEqual(body.reasons.map((one: { message: string }) => one.message), told)
  }
  assert.equal(errors.length, 2)
}

async function withExpress(options: AuthorizeOptions, ask: (port: number) => Promise<void>, decider: Decider = policy): Promise<void> {
  const app = express()
  app.use(express.json())
  app.post('/', authorize(decider, 'a/verdict', (request: Request) => inputOf(request), options), (request, response) => {
    response.json({ seen: request.verdict?.outcome, obligations: request.verdict?.obligations.map(({ type }) => type) })
  })
  app.post('/', (_request, response) => void response.json({ seen: 'the next route' }))
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    response.status(error instanceof Error && error.message === 'mine' ? 418 : 500).json({ error: String(error) })
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    await ask((server.address() as AddressInfo).port)
  } finally {
    server.close()
  }
}

test('Express', async () => {
  const errors: unknown[] = []
  await withExpress({ onError: (error) => void errors.push(error) }, (port) => check(port, errors))
})

test('Express, with problems of its own', async () => {
  const mine: AuthorizeOptions = {
    onProblem: ({ code }, next) => {
      // An error that is none lets nobody through either.
      next(code === 'deny' ? undefined : new Error('mine'))
    },
  }
  await withExpress(mine, async (port) => {
    for (const [outcome, status] of [['allow', 200], ['review', 418], ['perhaps', 418], ['deny', 500]] as const) {
      const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ outcome }) }
      assert.equal((await fetch(`http://127.0.0.1:${port}/`, sent)).status, status, outcome)
    }
  })
})

test('Fastify', async () => {
  const errors: unknown[] = []
  const app = fastify()
  const preHandler = authorizeHook(policy, 'a/verdict', (request: FastifyRequest) => inputOf(request as { body: Body }), {
    onError: (error) => void errors.push(error),
  })
  app.post('/', { preHandler }, async (request) => {
    const { verdict } = request as { verdict?: Verdict }
    return { seen: verdict?.outcome, obligations: verdict?.obligations.map(({ type }) => type) }
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  try {
    await check((app.server.address() as AddressInfo).port, errors)
  } finally {
    await app.close()
  }
})

test('a ledger puts what it decides on record', async () => {
  await using t = Thalium.memory()
  await t.loadPolicy(FILES)
  const errors: unknown[] = []
  const how = async ({ body }: { body: Body }) => ({ concerns: String(body.outcome), requestId: 'r-1' })
  await withExpress({ how, onError: (error) => void errors.push(error) }, (port) => check(port, errors), t)
  const told = (await t.listDecisions()).decisions.map(({ concerns, outcome, req_id }) => [concerns, outcome, req_id])
  // What the input's maker throws, and what cannot be asked, is not decided.
  assert.deepEqual(told, [
    ['allow', 'allow', 'r-1'], ['review', 'review', 'r-1'], ['deny', 'deny', 'r-1'], ['perhaps', undefined, 'r-1'], ['undefined', 'deny', 'r-1'],
    ['late', 'allow', 'r-1'],
  ])
  for (const wrong of [() => { throw new Error('mine') }, () => Promise.reject(new Error('mine')), () => ({ subject: 'nobody' })]) {
    await withExpress({ how: wrong }, async (port) => {
      const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"outcome":"allow"}' }
      assert.ok([418, 503].includes((await fetch(`http://127.0.0.1:${port}/`, sent)).status))
    }, t)
  }
  assert.equal((await t.listDecisions()).decisions.length, told.length)

  const app = fastify()
  const preHandler = authorizeHook(t, 'a/verdict', (request: FastifyRequest) => request.body, { how: () => ({ concerns: 'fastify' }) })
  app.post('/', { preHandler }, async (request) => ({ id: (request as { decisionId?: string }).decisionId }))
  const answer = await app.inject({ method: 'POST', url: '/', payload: { outcome: 'allow' } })
  const { decisions } = await t.listDecisions({ concerns: 'fastify' })
  assert.deepEqual([answer.statusCode, answer.json()], [200, { id: decisions[0]?.decision_id }])
  await app.close()
})

test('what says nothing of an outcome lets nobody through', async () => {
  for (const answer of [undefined, null, {}, { verdict: undefined }, true, 'allow', { outcome: 'ALLOW', reasons: [] }]) {
    const decider = { decide: async () => answer } as unknown as Decider
    await withExpress({}, async (port) => {
      const told = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
      assert.ok(told.status >= 400, JSON.stringify(answer))
    }, decider)
  }
})
