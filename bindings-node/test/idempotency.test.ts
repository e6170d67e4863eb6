// The middleware, on real servers.
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import express from 'express'
import fastify from 'fastify'
import { idempotencyHook, idempotencyKey } from 'thalium'

const CASES: [string, Record<string, string>, number, string | undefined][] = [
  ['POST', { 'Idempotency-Key': 'dep-1' }, 200, 'dep-1'],
  ['POST', { 'idempotency-key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"' }, 200, '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ['GET', {}, 200, undefined],
  ['POST', {}, 400, undefined],
  ['POST', { 'Idempotency-Key': '' }, 400, undefined],
  ['POST', { 'Idempotency-Key': 'two words' }, 400, undefined],
  ['PATCH', { 'Idempotency-Key': 'k'.repeat(201) }, 400, undefined],
]

async function check(port: number): Promise<void> {
  for (const [method, headers, status, key] of CASES) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method, headers })
    const body = (await answer.json()) as { key?: string; title?: string }
    assert.deepEqual([answer.status, body.key], [status, key], `${method} ${JSON.stringify(headers)}`)
    if (status === 400) assert.match(body.title!, /Idempotency-Key/)
    if (status === 400) assert.match(answer.headers.get('content-type')!, /^application\/problem\+json/)
  }
}

test('Express', async () => {
  const app = express()
  app.use(idempotencyKey())
  app.all('/', (request, response) => {
    response.json({ key: request.idempotencyKey })
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    await check((server.address() as AddressInfo).port)
  } finally {
    server.close()
  }
})

test('Fastify', async () => {
  const app = fastify()
  app.addHook('onRequest', idempotencyHook())
  app.all('/', async (request) => ({ key: (request as { idempotencyKey?: string }).idempotencyKey }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  try {
    await check((app.server.address() as AddressInfo).port)
  } finally {
    await app.close()
  }
})
