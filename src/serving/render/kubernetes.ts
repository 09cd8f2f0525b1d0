import { stringify } from 'yaml';
import type { ContainerSpec } from '../types.ts';
import { healthCommand, modelsFolder, type RenderedFile, type RenderInput } from './types.ts';

/** What a server may write: caches and downloads. */
const CACHE_SIZE = '100Gi';
const MODELS_SIZE = '5Gi';

/** A Deployment, a Service and claims for storage of each server. The Services are reached within the cluster only. */
export function renderKubernetes({ profile, specs }: RenderInput): RenderedFile[] {
  const head = [
    `# Servers of the profile ${profile}, written by \`sv72 engine render --for kubernetes\`.`,
    ...specs.flatMap((spec) =>
      spec.mounts.some(({ what }) => what === 'models')
        ? [
            `# Put ${modelsFolder(spec.id)} into the claim ${nameOf(spec)}-models, for example with \`kubectl cp\` into a pod that mounts it.`,
          ]
        : [],
    ),
    ...specs.flatMap((spec) =>
      spec.secrets.length > 0 ? [`# The Secret ${nameOf(spec)} is to hold ${spec.secrets.join(', ')}.`] : [],
    ),
  ].join('\n');
  const documents = specs
    .flatMap(objects)
    .map((object) => stringify(object, { lineWidth: 0, compat: 'yaml-1.1' }));
  return [{ path: 'kubernetes.yaml', text: `${head}\n${documents.join('---\n')}` }];
}

function objects(spec: ContainerSpec): object[] {
  const name = nameOf(spec);
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'sv72' };
  const mounts = spec.mounts.filter(({ what }) => what !== 'hub');
  const claim = (what: string): string => (what === 'cache' ? `${name}-cache` : `${name}-models`);
  const probe = { exec: { command: healthCommand(spec) }, timeoutSeconds: 10 };
  const container = {
    name: spec.kind,
    image: spec.image,
    args: spec.command.map((word) => word.replaceAll('$(', '$$(')),
    ports: [{ name: 'http', containerPort: spec.port.container }],
    env: [
      ...Object.entries(spec.environment).map(([key, value]) => ({
        name: key,
        value: value.replaceAll('$(', '$$('),
      })),
      ...spec.secrets.map((key) => ({
        name: key,
        valueFrom: { secretKeyRef: { name, key, optional: key === 'HF_TOKEN' } },
      })),
    ],
    ...(spec.gpu !== null && { resources: { limits: { 'nvidia.com/gpu': 1 } } }),
    startupProbe: { ...probe, periodSeconds: 10, failureThreshold: Math.ceil(spec.startMs / 10_000) },
    readinessProbe: { ...probe, periodSeconds: 10 },
    livenessProbe: { ...probe, periodSeconds: 30, failureThreshold: 4 },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      ...mounts.map(({ what, target, readonly }) => ({
        name: what,
        mountPath: target,
        ...(readonly && { readOnly: true }),
      })),
      { name: 'shm', mountPath: '/dev/shm' },
    ],
  };
  return [
    ...mounts.map(({ what }) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim(what), labels },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: what === 'cache' ? CACHE_SIZE : MODELS_SIZE } },
      },
    })),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas: 1,
        // Two at a time would not fit on one GPU.
        strategy: { type: 'Recreate' },
        selector: { matchLabels: { 'app.kubernetes.io/name': name } },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 1000,
              runAsGroup: 1000,
              fsGroup: 1000,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [container],
            volumes: [
              ...mounts.map(({ what }) => ({
                name: what,
                persistentVolumeClaim: { claimName: claim(what) },
              })),
              { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: kubernetesSize(spec.shm) } },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels },
      spec: {
        selector: { 'app.kubernetes.io/name': name },
        ports: [{ name: 'http', port: spec.port.host, targetPort: 'http' }],
      },
    },
  ];
}

const nameOf = ({ id }: ContainerSpec): string => `sv72-engine-${id}`.slice(0, 50);

/** 2g → 2Gi. */
function kubernetesSize(size: string): string {
  return `${size.slice(0, -1)}${size.endsWith('g') ? 'Gi' : 'Mi'}`;
}
