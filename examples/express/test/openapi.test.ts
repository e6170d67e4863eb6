// The document: it tells of every route and of no other, and its examples are of its schemas.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Thalium } from 'thalium'
import { createApp } from '../src/app.js'
import { type Content, document, resolve } from '../src/openapi.js'
import { TOKENS, mustFit } from '../harness/service.js'

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ what: `${method} ${path}`, path, operation })))

test('every route is in the document, and the other way round', async () => {
  await using ledger = Thalium.memory()
  const app = createApp({ ledger, offered: [], tokens: TOKENS })
  const routes = app.router.stack.flatMap(({ route }) => {
    const methods = Object.keys((route as { methods?: object } | undefined)?.methods ?? {})
    return methods.map((method) => `${method} ${route?.path.replace(/:(\w+)/g, '{$1}')}`)
  })
  assert.ok(routes.length > 10)
  assert.deepEqual(routes.sort(), operations.map(({ what }) => what).sort())
})

test('every parameter of a path is told', () => {
  for (const { what, path, operation } of operations) {
    const told = (operation.parameters ?? []).map((one) => resolve(one)).filter((one) => one.in === 'path').map((one) => one.name)
    assert.deepEqual(told, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name), what)
  }
})

test('every reference leads somewhere', () => {
  for (const [, ref] of JSON.stringify(document).matchAll(/"\$ref":\s*"([^"]+)"/g)) assert.ok(resolve({ $ref: ref as string }), ref)
})

test('every example is of its schema', () => {
  let examples = 0
  const check = (content: Record<string, Content> | undefined, what: string): void => {
    for (const { schema, example } of Object.values(content ?? {})) {
      if (example === undefined) continue
      mustFit(schema, example, what)
      examples += 1
    }
  }
  for (const { what, operation } of operations) {
    check(operation.requestBody?.content, what)
    for (const [status, answer] of Object.entries(operation.responses)) check(resolve(answer).content, `${what} ${status}`)
  }
  assert.ok(examples > 30)
})
