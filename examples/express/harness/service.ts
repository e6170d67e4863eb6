// A server under test: a process of its own, whose every answer is held against the document.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { newKey } from 'thalium'
import { type Running, start } from './process.js'
import { type Content, type Operation, document, resolve } from '../src/openapi.js'

export const OPERATOR = 'operator-token-of-tests'
export const OFFICER = 'second-operator-of-tests'
export const C42 = 'c42-token-of-the-tests'
export const C77 = 'c77-token-of-the-tests'
export const TOKENS = { [OPERATOR]: { operator: 'desk' }, [OFFICER]: { operator: 'officer' }, [C42]: { customer: 'c42' }, [C77]: { customer: 'c77' } }

const ajv = new Ajv2020({ strict: false, allErrors: true })
ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
ajv.addFormat('date', /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)
ajv.addSchema({ $id: 'document', ...document })

/** Fails where a value is not of a schema of the document. */
export function mustFit(schema: object, value: unknown, what: string): void {
  const text = JSON.stringify(schema).replaceAll('"#/', '"document#/')
  const valid = ajv.compile(JSON.parse(text) as object)
  assert.ok(valid(value), `${what}: ${ajv.errorsText(valid.errors)}: ${JSON.stringify(value)}`)
}

/** The operation of the document that a request is for, if there is one. */
function operationOf(method: string, path: string): Operation | undefined {
  for (const [template, methods] of Object.entries(document.paths)) {
    const pattern = new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)
    const operation = methods[method.toLowerCase()]
    if (operation && pattern.test(path.replace(/\?.*/, ''))) return operation
  }
  return undefined
}

export interface Asked {
  token?: string | undefined
  key?: string
  body?: unknown
  /** The body as it is sent. */
  raw?: string
  headers?: Record<string, string>
}

export interface Answered {
  status: number
  headers: Headers
  /** The body as the test reads it: what it holds is what is tested. */
  body: any
}

export class Service {
  #running: Running | undefined
  readonly folder = mkdtempSync(join(tmpdir(), 'thalium-express-'))
  readonly data = join(this.folder, 'data')

  get running(): Running {
    assert.ok(this.#running, 'the server was not started')
    return this.#running
  }

  async start(more: readonly string[] = []): Promise<void> {
    this.#running = await start({ data: this.data, tokens: TOKENS, more })
  }

  /** Starts it with a key, so that it keeps personal data. */
  async startWithKey(): Promise<void> {
    await this.start(['--key-file', await newKey(join(this.folder, 'key'))])
  }

  async stop(): Promise<void> {
    await this.#running?.end('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Asks, and holds the answer against the document. */
  async ask(method: string, path: string, { token, key, body, raw, headers = {} }: Asked = {}): Promise<Answered> {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const answer = await fetch(this.running.url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    })
    const type = (answer.headers.get('content-type') ?? '').replace(/;.*/, '')
    const text = await answer.text()
    const told: unknown = type.endsWith('json') ? JSON.parse(text) : text
    const what = `${method} ${path} ${answer.status}`
    const operation = operationOf(method, path)
    if (operation) {
      const described = operation.responses[String(answer.status)]
      assert.ok(described, `${what} is not in the document: ${text}`)
      const content: Content | undefined = resolve(described).content?.[type]
      assert.ok(content, `${what}: ${type} is not in the document`)
      mustFit(content.schema, told, what)
    }
    if (answer.status >= 400 && path !== '/health') {
      assert.equal(type, 'application/problem+json', what)
      mustFit({ $ref: '#/components/schemas/Problem' }, told, what)
    }
    return { status: answer.status, headers: answer.headers, body: told }
  }

  /** The accounts of two customers, and 250.00 ZAR on the first. */
  async prepare(): Promise<void> {
    for (const customer of ['c42', 'c77']) {
      assert.equal((await this.ask('POST', '/accounts', { token: OPERATOR, body: { customer, asset: 'ZAR' } })).status, 201)
    }
    const body = { account: 'c42:ZAR', amount: '250.00 ZAR' }
    assert.equal((await this.ask('POST', '/deposits', { token: OPERATOR, key: 'first', body })).status, 201)
  }
}
