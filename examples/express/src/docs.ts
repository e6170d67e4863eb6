// The description as one page for people, without scripts and without anything from elsewhere.
import { type Content, type OpenApi, type Operation, resolve } from './openapi.js'

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}
h2{margin-top:2.5rem;border-top:1px solid #ddd;padding-top:1rem}code,pre{font:14px/1.4 ui-monospace,monospace}
pre{background:#f5f5f5;padding:.7rem;overflow:auto}table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;
padding:.2rem .8rem .2rem 0}.method{text-transform:uppercase}`

const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const text = (plain: unknown): string => String(plain).replace(/[&<>"']/g, (one) => ESCAPED[one] as string)
const code = (plain: unknown): string => `<code>${text(plain)}</code>`
const rows = (lines: string[][]): string => `<table>${lines.map((line) => `<tr><td>${line.join('</td><td>')}</td></tr>`).join('')}</table>`

function example(content: Record<string, Content> | undefined): string {
  const [first] = Object.values(content ?? {})
  if (first?.example === undefined) return ''
  const shown = typeof first.example === 'string' ? first.example : JSON.stringify(first.example, null, 2)
  return `<pre>${text(shown)}</pre>`
}

function operation(path: string, method: string, one: Operation): string {
  const parameters = (one.parameters ?? []).map((given) => resolve(given))
  const told = parameters.map(({ name, in: where, required, description }) =>
    [code(name), `${where}${required ? ', required' : ''}`, text(description)])
  const answers = Object.entries(one.responses).map(([status, given]) => [status, resolve(given)] as const)
  const good = answers.find(([status]) => status.startsWith('2'))
  return `<h2 id="${text(`${method}-${path}`)}"><span class="method">${method}</span> ${code(path)}</h2>
<p>${text(one.summary)}${one.security?.length === 0 ? ' No token is needed.' : ''}</p>
${one.description ? `<p>${text(one.description)}</p>` : ''}
${parameters.length ? rows(told) : ''}
${one.requestBody ? `<p>Body:</p>${example(one.requestBody.content)}` : ''}
<p>Answers:</p>
${rows(answers.map(([status, { description }]) => [code(status), text(description)]))}
${example(good?.[1].content)}`
}

/** The page. */
export function page(document: OpenApi): string {
  const { info, paths, components } = document
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => [path, method, one] as const))
  const list = operations.map(([path, method, { summary }]) =>
    [`<a href="#${text(`${method}-${path}`)}"><span class="method">${method}</span> ${code(path)}</a>`, text(summary)])
  // Where the `type` of a problem leads: `/docs#rejected`.
  const problems = Object.values(components.responses).flatMap(({ description, content }) => {
    const kind = /#(.*)$/.exec((content?.['application/problem+json']?.example as { type?: string } | undefined)?.type ?? '')?.[1]
    return kind ? [`<h3 id="${text(kind)}">${code(kind)}</h3><p>${text(description)}</p>${example(content)}`] : []
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${text(info.title)}</title>
<style>${STYLE}</style></head><body>
<h1>${text(info.title)} ${text(info.version)}</h1>
<p>${text(info.description)}</p>
<p>The same for programs: <a href="/openapi.json">openapi.json</a></p>
${rows(list)}
${operations.map(([path, method, one]) => operation(path, method, one)).join('\n')}
<h2>Problems</h2>
${problems.join('\n')}
</body></html>
`
}
