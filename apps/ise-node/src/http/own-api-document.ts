import type { INestApplication } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { ZodPipe } from './zod.pipe.ts';

/** Below the prefix of everything that is ours rather than Cisco's. */
const DOCUMENT_URL = 'isebed/v1/openapi.json';

/** As Nest keys the arguments of a handler: `3:<index>` is the body. */
const BODY_KEY = /^3:/;

/** Describes this testbed's own API of a node at `/isebed/v1/openapi.json`; made when it is first asked for. */
export function describeOwnApi(app: INestApplication): void {
  SwaggerModule.setup('isebed', app, () => documentOf(app), {
    ui: false,
    raw: ['json'],
    jsonDocumentUrl: DOCUMENT_URL,
  });
}

function documentOf(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle("isebed: a node's own API")
    .setDescription(
      'What the real product has in its GUI alone: SMTP Server with OAuth, Test Connection, debug levels, logs, portals. ' +
        'This API is of the testbed; the APIs of the real product are ERS (/ers/config) and OpenAPI (/api/v1).',
    )
    .setVersion('1')
    .addBasicAuth()
    .build();
  const document = SwaggerModule.createDocument(app, about);
  const bodies = bodySchemas(app);
  for (const item of Object.values(document.paths)) {
    for (const method of ['post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method];
      const schema = operation?.operationId === undefined ? undefined : bodies.get(operation.operationId);
      if (operation && schema) operation.requestBody = { required: true, content: { 'application/json': { schema } } };
    }
  }
  return document;
}

/** The bodies that handlers check with zod, by operation id: Swagger itself only reads classes. */
function bodySchemas(app: INestApplication): ReadonlyMap<string, object> {
  const schemas = new Map<string, object>();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype: unknown = metatype.prototype;
      for (const name of Object.getOwnPropertyNames(prototype)) {
        const schema = bodyOf(Reflect.getMetadata(ROUTE_ARGS_METADATA, metatype, name));
        if (schema) schemas.set(`${metatype.name}_${name}`, schema);
      }
    }
  }
  return schemas;
}

function bodyOf(parameters: unknown): object | undefined {
  if (typeof parameters !== 'object' || parameters === null) return undefined;
  for (const [key, parameter] of Object.entries(parameters)) {
    const { pipes } = z.object({ pipes: z.array(z.unknown()) }).safeParse(parameter).data ?? {};
    const pipe = BODY_KEY.test(key) ? pipes?.find((each) => each instanceof ZodPipe) : undefined;
    if (pipe instanceof ZodPipe) return pipe.jsonSchema;
  }
  return undefined;
}
