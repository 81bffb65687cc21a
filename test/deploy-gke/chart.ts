interface ChartOptions {
  /** The part of values.yaml that has the image. */
  readonly image?: string;
  /** What the container's image is made of. */
  readonly template?: string;
  /** Shell of a Job that runs before an upgrade. */
  readonly hook?: string;
}

/** The files of a small chart below `chart/`, as `helm create` lays them out. */
export function chart({ image, template, hook }: ChartOptions = {}): Record<string, string> {
  return {
    'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\nappVersion: "1"\n',
    'chart/values.yaml': `replicaCount: 1\nlevel: info\nlabel: none\npassword: none\n${image ?? 'image:\n  repository: nginx\n  tag: ""\n'}`,
    'chart/templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: { note: {{ .Values.label | quote }} }
spec:
  replicas: {{ .Values.replicaCount }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: app
          image: ${template ?? '"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"'}
          command: [/busybox, sh, -c, {{ .Values.run | default "sleep 2147483647" | quote }}]
          env: [{ name: LEVEL, value: {{ .Values.level | quote }} }]
          readinessProbe: { exec: { command: [/busybox, "true"] }, periodSeconds: 1 }
`,
    'chart/templates/secret.yaml': `apiVersion: v1
kind: Secret
metadata: { name: {{ .Release.Name }} }
stringData: { password: {{ .Values.password | quote }} }
`,
    ...(hook && {
      'chart/templates/migrate.yaml': `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-migrate
  annotations: { helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: before-hook-creation }
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: ${template ?? '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"'}
          command: [/busybox, sh, -c, ${JSON.stringify(hook)}]
`,
    }),
  };
}
