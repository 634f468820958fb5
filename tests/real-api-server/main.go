// A small Kubernetes API server made of the real k8s.io/apiserver parts
// (handlers, genericregistry.Store, watch cache, etcd3 storage), serving only what
// topology tests need. No admission, no defaulting, no field validation.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/authentication/authenticator"
	"k8s.io/apiserver/pkg/authentication/request/anonymous"
	"k8s.io/apiserver/pkg/authentication/request/bearertoken"
	"k8s.io/apiserver/pkg/authentication/request/union"
	"k8s.io/apiserver/pkg/authentication/token/tokenfile"
	tokenunion "k8s.io/apiserver/pkg/authentication/token/union"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/endpoints/openapi"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/generic"
	genericregistry "k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	serveroptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/storage/names"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	"k8s.io/apiserver/pkg/util/compatibility"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/kube-openapi/pkg/common"
	openapiutil "k8s.io/kube-openapi/pkg/util"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// resource is one served REST resource.
type resource struct {
	gv               schema.GroupVersion
	plural, singular string
	namespaced       bool
	obj, list        runtime.Object
}

var resources = []resource{
	{discoveryv1.SchemeGroupVersion, "endpointslices", "endpointslice", true, &discoveryv1.EndpointSlice{}, &discoveryv1.EndpointSliceList{}},
	{corev1.SchemeGroupVersion, "endpoints", "endpoints", true, &corev1.Endpoints{}, &corev1.EndpointsList{}},
	{corev1.SchemeGroupVersion, "pods", "pod", true, &corev1.Pod{}, &corev1.PodList{}},
	{corev1.SchemeGroupVersion, "services", "service", true, &corev1.Service{}, &corev1.ServiceList{}},
	{corev1.SchemeGroupVersion, "namespaces", "namespace", false, &corev1.Namespace{}, &corev1.NamespaceList{}},
	{corev1.SchemeGroupVersion, "nodes", "node", false, &corev1.Node{}, &corev1.NodeList{}},
	{rbacv1.SchemeGroupVersion, "roles", "role", true, &rbacv1.Role{}, &rbacv1.RoleList{}},
	{rbacv1.SchemeGroupVersion, "rolebindings", "rolebinding", true, &rbacv1.RoleBinding{}, &rbacv1.RoleBindingList{}},
	{rbacv1.SchemeGroupVersion, "clusterroles", "clusterrole", false, &rbacv1.ClusterRole{}, &rbacv1.ClusterRoleList{}},
	{rbacv1.SchemeGroupVersion, "clusterrolebindings", "clusterrolebinding", false, &rbacv1.ClusterRoleBinding{}, &rbacv1.ClusterRoleBindingList{}},
}

// review is a resource that is only created: it answers what a user asks about itself, and stores nothing.
type review struct {
	gv       schema.GroupVersion
	plural   string
	singular string
	obj      runtime.Object
	answer   func(context.Context, user.Info, runtime.Object) error
}

var reviews = []review{
	{authenticationv1.SchemeGroupVersion, "selfsubjectreviews", "selfsubjectreview", &authenticationv1.SelfSubjectReview{}, whoAmI},
	{authorizationv1.SchemeGroupVersion, "selfsubjectaccessreviews", "selfsubjectaccessreview", &authorizationv1.SelfSubjectAccessReview{}, canI},
}

func (r review) New() runtime.Object     { return r.obj.DeepCopyObject() }
func (review) Destroy()                  {}
func (review) NamespaceScoped() bool     { return false }
func (r review) GetSingularName() string { return r.singular }
func (r review) Create(ctx context.Context, o runtime.Object, _ rest.ValidateObjectFunc, _ *metav1.CreateOptions) (runtime.Object, error) {
	u, ok := request.UserFrom(ctx)
	if !ok {
		return nil, apierrors.NewBadRequest("no user")
	}
	return o, r.answer(ctx, u, o)
}

func whoAmI(_ context.Context, u user.Info, o runtime.Object) error {
	o.(*authenticationv1.SelfSubjectReview).Status.UserInfo = authenticationv1.UserInfo{Username: u.GetName(), UID: u.GetUID(), Groups: u.GetGroups()}
	return nil
}

func canI(ctx context.Context, u user.Info, o runtime.Object) error {
	r := o.(*authorizationv1.SelfSubjectAccessReview)
	a := r.Spec.ResourceAttributes
	if a == nil {
		return apierrors.NewBadRequest("spec.resourceAttributes is missing")
	}
	decision, reason, err := authorize(ctx, authorizer.AttributesRecord{
		User: u, Verb: a.Verb, Namespace: a.Namespace, APIGroup: a.Group, Resource: a.Resource, Name: a.Name, ResourceRequest: true,
	})
	r.Status = authorizationv1.SubjectAccessReviewStatus{Allowed: decision == authorizer.DecisionAllow, Reason: reason}
	return err
}

var (
	scheme = runtime.NewScheme()
	codecs = serializer.NewCodecFactory(scheme)
	params = runtime.NewParameterCodec(scheme)
)

func init() {
	// The storage layer works on internal versions. Registering the v1 Go type as the internal
	// one as well makes every conversion the identity, so no conversion code is needed.
	utilruntime.Must(corev1.AddToScheme(scheme))
	utilruntime.Must(discoveryv1.AddToScheme(scheme))
	utilruntime.Must(rbacv1.AddToScheme(scheme))
	for _, r := range resources {
		internal := schema.GroupVersion{Group: r.gv.Group, Version: runtime.APIVersionInternal}
		scheme.AddKnownTypes(internal, r.obj, r.list)
		utilruntime.Must(scheme.SetVersionPriority(r.gv))
	}
	for _, r := range reviews {
		scheme.AddKnownTypes(r.gv, r.obj)
		scheme.AddKnownTypes(schema.GroupVersion{Group: r.gv.Group, Version: runtime.APIVersionInternal}, r.obj)
		metav1.AddToGroupVersion(scheme, r.gv)
		utilruntime.Must(scheme.SetVersionPriority(r.gv))
	}
	// Meta kinds (Status, ListOptions, WatchEvent, ...) under the unversioned "v1".
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	scheme.AddUnversionedTypes(schema.GroupVersion{Version: "v1"}, &metav1.Status{},
		&metav1.APIVersions{}, &metav1.APIGroupList{}, &metav1.APIGroup{}, &metav1.APIResourceList{})
}

type strategy struct {
	runtime.ObjectTyper
	names.NameGenerator
	namespaced bool
}

func (s strategy) NamespaceScoped() bool                                               { return s.namespaced }
func (strategy) AllowCreateOnUpdate() bool                                             { return false }
func (strategy) AllowUnconditionalUpdate() bool                                        { return true }
func (strategy) Canonicalize(runtime.Object)                                           {}
func (strategy) Validate(context.Context, runtime.Object) field.ErrorList              { return nil }
func (strategy) ValidateUpdate(_ context.Context, _, _ runtime.Object) field.ErrorList { return nil }
func (strategy) WarningsOnCreate(context.Context, runtime.Object) []string             { return nil }
func (strategy) WarningsOnUpdate(_ context.Context, _, _ runtime.Object) []string      { return nil }
func (strategy) PrepareForCreate(_ context.Context, o runtime.Object) {
	if m, err := meta.Accessor(o); err == nil {
		m.SetGeneration(1)
	}
}
func (strategy) PrepareForUpdate(_ context.Context, o, old runtime.Object) {
	m, _ := meta.Accessor(o)
	if prev, err := meta.Accessor(old); err == nil {
		m.SetGeneration(prev.GetGeneration() + 1)
	}
}

func newStore(r resource, getter generic.RESTOptionsGetter) (rest.Storage, error) {
	gr := r.gv.WithResource(r.plural).GroupResource()
	st := strategy{scheme, names.SimpleNameGenerator, r.namespaced}
	s := &genericregistry.Store{
		NewFunc:                   func() runtime.Object { return r.obj.DeepCopyObject() },
		NewListFunc:               func() runtime.Object { return r.list.DeepCopyObject() },
		DefaultQualifiedResource:  gr,
		SingularQualifiedResource: r.gv.WithResource(r.singular).GroupResource(),
		CreateStrategy:            st,
		UpdateStrategy:            st,
		DeleteStrategy:            st,
		TableConvertor:            rest.NewDefaultTableConvertor(gr),
	}
	return s, s.CompleteWithOptions(&generic.StoreOptions{RESTOptions: getter})
}

// definitions gives every served kind an open schema; that is enough for managedFields.
func definitions(common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	out := map[string]common.OpenAPIDefinition{}
	for _, r := range resources {
		sch := spec.Schema{SchemaProps: spec.SchemaProps{Type: []string{"object"}}}
		sch.AddExtension("x-kubernetes-preserve-unknown-fields", true)
		out[openapiutil.GetCanonicalTypeName(r.obj)] = common.OpenAPIDefinition{Schema: sch}
	}
	for _, r := range reviews {
		out[openapiutil.GetCanonicalTypeName(r.obj)] = common.OpenAPIDefinition{Schema: spec.Schema{SchemaProps: spec.SchemaProps{Type: []string{"object"}}}}
	}
	return out
}

// authorize is a coarse stand-in for RBAC. The group of the token decides:
// admins: all; readers: get, list, watch; listers: get, list (watch is 403); others: nothing.
func authorize(_ context.Context, a authorizer.Attributes) (authorizer.Decision, string, error) {
	if !a.IsResourceRequest() && a.IsReadOnly() {
		return authorizer.DecisionAllow, "", nil // /healthz, /readyz, /version, discovery
	}
	if a.GetVerb() == "create" && a.GetUser().GetName() != user.Anonymous {
		if g := a.GetAPIGroup(); g == authenticationv1.GroupName || g == authorizationv1.GroupName {
			return authorizer.DecisionAllow, "", nil // as system:basic-user
		}
	}
	for _, g := range a.GetUser().GetGroups() {
		v := a.GetVerb()
		if g == user.SystemPrivilegedGroup || g == "admins" ||
			g == "readers" && a.IsReadOnly() || g == "listers" && (v == "get" || v == "list") {
			return authorizer.DecisionAllow, "", nil
		}
	}
	return authorizer.DecisionNoOpinion, "no rule of this server allows it", nil
}

// options are the command line.
type options struct {
	dir, etcd, noCache, gates  string
	port, inflight, minTimeout int
	compaction                 time.Duration
	rbac                       bool
}

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", "", "folder for certificate, tokens and kubeconfig (required)")
	flag.IntVar(&o.port, "port", 16443, "https port on 127.0.0.1")
	flag.StringVar(&o.etcd, "etcd", "http://127.0.0.1:12379", "etcd client URL")
	flag.DurationVar(&o.compaction, "compaction", 5*time.Minute, "etcd compaction interval, 0 for never")
	flag.StringVar(&o.noCache, "no-watch-cache", "", "resources without a watch cache, such as endpoints#0,pods#0")
	flag.IntVar(&o.inflight, "max-inflight", 400, "non-mutating requests in flight before 429")
	flag.IntVar(&o.minTimeout, "min-request-timeout", 1800, "server-chosen watch life is between this and twice this, in seconds")
	flag.StringVar(&o.gates, "feature-gates", "", "such as WatchList=false")
	flag.BoolVar(&o.rbac, "rbac", false, "also serve roles and their bindings, and what users ask about themselves")
	flag.Parse()
	must(run(o))
}

// run serves until SIGINT or SIGTERM; it fails only before it listens.
func run(o options) error {
	if o.dir == "" {
		return fmt.Errorf("-dir is required")
	}
	if o.gates != "" {
		must(utilfeature.DefaultMutableFeatureGate.Set(o.gates))
	}
	cfg := genericapiserver.NewRecommendedConfig(codecs)
	cfg.EffectiveVersion = compatibility.DefaultBuildEffectiveVersion()
	cfg.MaxRequestsInFlight, cfg.MinRequestTimeout = o.inflight, o.minTimeout
	cfg.SkipOpenAPIInstallation = true
	cfg.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(definitions, openapi.NewDefinitionNamer(scheme))

	// Storage: protobuf in etcd, as kube-apiserver does.
	versions := schema.GroupVersions{corev1.SchemeGroupVersion, discoveryv1.SchemeGroupVersion, rbacv1.SchemeGroupVersion}
	pb, ok := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), runtime.ContentTypeProtobuf)
	if !ok {
		return fmt.Errorf("no protobuf serializer")
	}
	codec := codecs.CodecForVersions(pb.Serializer, codecs.UniversalDeserializer(), versions, runtime.InternalGroupVersioner)
	eo := serveroptions.NewEtcdOptions(storagebackend.NewDefaultConfig("/registry", codec))
	eo.StorageConfig.EncodeVersioner = versions
	eo.StorageConfig.Transport.ServerList = strings.Split(o.etcd, ",")
	eo.StorageConfig.CompactionInterval = o.compaction
	eo.DefaultStorageMediaType = runtime.ContentTypeProtobuf
	if o.noCache != "" {
		eo.WatchCacheSizes = strings.Split(o.noCache, ",")
	}
	must(eo.ApplyTo(&cfg.Config))

	// Serving: a self-signed certificate is kept in dir across restarts.
	so := serveroptions.NewSecureServingOptions()
	so.BindAddress, so.BindPort = net.IPv4(127, 0, 0, 1), o.port
	so.ServerCert.CertDirectory, so.ServerCert.PairName = o.dir, "apiserver"
	must(so.MaybeDefaultWithSelfSignedCerts("localhost", nil, []net.IP{net.IPv4(127, 0, 0, 1)}))
	must(so.WithLoopback().ApplyToConfig(&cfg.Config))

	// Users: fixed tokens, anonymous for the rest; a bad token is 401.
	tokens := filepath.Join(o.dir, "tokens.csv")
	must(os.WriteFile(tokens, []byte("admin-token,admin,1,admins\nreader-token,reader,2,readers\nlister-token,lister,3,listers\nnobody-token,nobody,4,none\n"), 0o600))
	tf, err := tokenfile.NewCSV(tokens)
	must(err)
	loopback := authenticator.TokenFunc(func(_ context.Context, t string) (*authenticator.Response, bool, error) {
		return &authenticator.Response{User: &user.DefaultInfo{Name: user.APIServerUser, Groups: []string{user.SystemPrivilegedGroup}}}, t == cfg.LoopbackClientConfig.BearerToken, nil
	})
	cfg.Authentication.Authenticator = union.NewFailOnError(bearertoken.New(tokenunion.New(loopback, tf)), anonymous.NewAuthenticator(nil))
	cfg.Authorization.Authorizer = authorizer.AuthorizerFunc(authorize)

	srv, err := cfg.Complete().New("apiserver", genericapiserver.NewEmptyDelegate())
	must(err)
	groups := map[string]*genericapiserver.APIGroupInfo{}
	for _, r := range resources {
		if r.gv.Group == rbacv1.GroupName && !o.rbac {
			continue
		}
		g, ok := groups[r.gv.Group]
		if !ok {
			info := genericapiserver.NewDefaultAPIGroupInfo(r.gv.Group, scheme, params, codecs)
			g = &info
			g.VersionedResourcesStorageMap[r.gv.Version] = map[string]rest.Storage{}
			groups[r.gv.Group] = g
		}
		s, err := newStore(r, cfg.RESTOptionsGetter)
		must(err)
		g.VersionedResourcesStorageMap[r.gv.Version][r.plural] = s
	}
	must(srv.InstallLegacyAPIGroup(genericapiserver.DefaultLegacyAPIPrefix, groups[""]))
	must(srv.InstallAPIGroups(groups[discoveryv1.GroupName]))
	for i := 0; o.rbac && i < len(reviews); i++ {
		r := reviews[i]
		info := genericapiserver.NewDefaultAPIGroupInfo(r.gv.Group, scheme, params, codecs)
		info.VersionedResourcesStorageMap[r.gv.Version] = map[string]rest.Storage{r.plural: r}
		must(srv.InstallAPIGroups(&info))
	}
	if o.rbac {
		must(srv.InstallAPIGroups(groups[rbacv1.GroupName]))
	}

	kc := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://127.0.0.1:%d", certificate-authority: %q}}]
users: [{name: admin, user: {token: admin-token}}]
contexts: [{name: test, context: {cluster: test, user: admin, namespace: default}}]
current-context: test
`, o.port, filepath.Join(o.dir, "apiserver.crt"))
	must(os.WriteFile(filepath.Join(o.dir, "kubeconfig"), []byte(kc), 0o600))

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return srv.PrepareRun().RunWithContext(ctx)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "apiserver:", err)
		os.Exit(1)
	}
}
