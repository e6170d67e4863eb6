// The description of the service. It is written by hand and served as it is; a test holds it against the routes and against
// real answers.
import described from '../openapi.json'

/** What this service reads of its own description. */
export interface OpenApi {
  info: { title: string; version: string; description: string }
  paths: Record<string, Record<string, Operation>>
  components: {
    parameters: Record<string, Parameter>
    responses: Record<string, Answer>
    schemas: Record<string, object>
  }
}

export interface Ref { $ref: string }
export interface Parameter { name: string; in: string; required?: boolean; description: string; schema: { example?: unknown } }
export interface Content { schema: Ref | object; example?: unknown }
export interface Answer { description: string; content?: Record<string, Content> }
export interface Operation {
  summary: string
  description?: string
  security?: object[]
  parameters?: (Ref | Parameter)[]
  requestBody?: { required?: boolean; content: Record<string, Content> }
  responses: Record<string, Ref | Answer>
}

export const document = described as unknown as OpenApi

/** What a reference within the document stands for. */
export function resolve<T extends object>(one: T | Ref, from: OpenApi = document): T {
  if (!('$ref' in one)) return one
  const found = one.$ref.replace(/^#\//, '').split('/').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], from)
  return found as T
}
