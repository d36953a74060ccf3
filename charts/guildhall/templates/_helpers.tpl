{{- /* What is installed once in a cluster has fixed names: its kinds and roles are the cluster's. */ -}}
{{- define "guildhall.components" -}}
controlPlane: control-plane
certificateAuthority: certificate-authority
ledgerGateway: ledger-gateway
operator: operator
monitor: monitor
{{- end }}

{{- define "guildhall.labels" -}}
app.kubernetes.io/name: guildhall
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "guildhall.selector" -}}
app.kubernetes.io/name: guildhall
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- /* A digest says exactly what runs; a tag beside it would only mislead. */ -}}
{{- define "guildhall.image" -}}
{{ .registry }}{{ .image.name }}{{ if .image.digest }}@{{ .image.digest }}{{ else }}:{{ required (printf "image %s needs a tag or a digest" .image.name) .image.tag }}{{ end }}
{{- end }}

{{- define "guildhall.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "guildhall.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- /* What pods are to carry, and where they may be placed (values: pods). */ -}}
{{- define "guildhall.podLabels" -}}
{{- with .Values.pods.labels }}{{ toYaml . }}{{ end }}
{{- end }}

{{- define "guildhall.podAnnotations" -}}
{{- with .Values.pods.annotations }}{{ toYaml (dict "annotations" .) }}{{ end }}
{{- end }}

{{- define "guildhall.placement" -}}
{{- $placed := dict }}
{{- range $field := list "nodeSelector" "tolerations" "affinity" "priorityClassName" }}
{{- with index $.Values.pods $field }}{{ $_ := set $placed $field . }}{{ end }}
{{- end }}
{{- with $placed }}{{ toYaml . }}{{ end }}
{{- end }}

{{- /*
One process of Guildhall: a Deployment with its budget of disruptions.
root, key (as the values name it), environment, ports, mounts, volumes, alone (whether there may never be two, not even for a moment).
*/ -}}
{{- define "guildhall.process" -}}
{{- $component := index (include "guildhall.components" . | fromYaml) .key }}
{{- $name := printf "guildhall-%s" $component }}
{{- $context := dict "root" .root "component" $component }}
{{- $values := .root.Values }}
{{- $replicas := index $values.replicas .key | default 1 | int }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "guildhall.labels" $context | nindent 4 }}
spec:
  replicas: {{ $replicas }}
  revisionHistoryLimit: 3
  strategy:
    {{- if .alone }}
    type: Recreate
    {{- else }}
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
    {{- end }}
  selector:
    matchLabels:
      {{- include "guildhall.selector" $context | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "guildhall.labels" $context | nindent 8 }}
        {{- include "guildhall.podLabels" .root | nindent 8 }}
      {{- include "guildhall.podAnnotations" .root | nindent 6 }}
    spec:
      {{- include "guildhall.placement" .root | nindent 6 }}
      serviceAccountName: {{ $name }}
      enableServiceLinks: false
      terminationGracePeriodSeconds: 40
      securityContext:
        {{- include "guildhall.podSecurity" . | nindent 8 }}
      {{- with $values.images.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      topologySpreadConstraints:
        {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "guildhall.selector" $context | nindent 14 }}
        {{- end }}
      containers:
        - name: {{ $component }}
          image: {{ include "guildhall.image" (dict "registry" $values.images.registry "image" (index $values.images .key)) }}
          imagePullPolicy: {{ $values.images.pullPolicy }}
          securityContext:
            {{- include "guildhall.containerSecurity" . | nindent 12 }}
          env:
            - name: GUILDHALL_LOG_LEVEL
              value: {{ $values.logLevel }}
            {{- range $variable, $value := .environment }}
            - name: {{ $variable }}
              value: {{ $value | quote }}
            {{- end }}
          ports:
            - name: health
              containerPort: 8080
            {{- range $port, $number := .ports }}
            - name: {{ $port }}
              containerPort: {{ $number }}
            {{- end }}
          {{- /* On a busy machine it may take a minute until it listens; ended and begun anew it would take longer still. */}}
          startupProbe:
            httpGet: { path: /healthz, port: health }
            periodSeconds: 2
            timeoutSeconds: 2
            failureThreshold: 90
          {{- /* It may wait for its database or its lease for long: that is no reason to end it. */}}
          livenessProbe:
            httpGet: { path: /healthz, port: health }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          readinessProbe:
            httpGet: { path: /readyz, port: health }
            periodSeconds: 3
            timeoutSeconds: 3
            failureThreshold: 2
          {{- /* Its Service takes it out first. */}}
          {{- with .ports }}
          lifecycle:
            preStop:
              sleep:
                seconds: 4
          {{- end }}
          resources:
            {{- index $values.resources .key | toYaml | nindent 12 }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
            {{- with .mounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: 256Mi
        {{- with .volumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels:
    {{- include "guildhall.labels" $context | nindent 4 }}
spec:
  {{- /* Of one alone, a drain of its node must be able to end it. */}}
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "guildhall.selector" $context | nindent 6 }}
{{- end }}
