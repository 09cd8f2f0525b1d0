import { z } from 'zod';
import { port } from './fields.ts';

export const metrics = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether health and Prometheus metrics are served.'),
    host: z.string().min(1).default('127.0.0.1').describe('Address of the metrics server.'),
    port: port.default(9772).describe('Port of the metrics server; 0 takes a free one.'),
  })
  .prefault({});
