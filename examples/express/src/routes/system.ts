// What those who run the server read, and the description of it.
import type { Express } from 'express'
import type { Thalium } from 'thalium'
import { answerPage } from '../answers.js'
import { operatorsOnly } from '../auth.js'
import { page } from '../docs.js'
import { document } from '../openapi.js'

/** Open to everyone: a load balancer has no token, and a description holds no secrets. */
export function open(app: Express, ledger: Thalium): void {
  app.get('/health', async (_request, response) => {
    const health = await ledger.health()
    response.status(health.condition === 'ready' ? 200 : 503).json(health)
  })

  app.get('/openapi.json', (_request, response) => {
    response.json(document)
  })

  const html = page(document)
  app.get('/docs', (_request, response) => {
    answerPage(response, html)
  })
}

export function metrics(app: Express, ledger: Thalium): void {
  app.get('/metrics', operatorsOnly, async (_request, response) => {
    const text = await ledger.metrics()
    response.set('Content-Type', 'application/openmetrics-text; version=1.0.0; charset=utf-8').end(text)
  })
}
