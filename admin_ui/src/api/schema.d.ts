// Generated from openapi.json by `npm run types`. Do not edit.

export interface paths {
    "/api/admin/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Agents
         * @description Agents by id: those that were made here. What dialogs may name, the built-in ones too, says `/api/v1/agents`.
         */
        get: operations["list_agents"];
        put?: never;
        /**
         * Create Agent
         * @description Add an agent. With the id of a built-in one (`default`, `code_assistant`, `creative_writer`) it takes that one's place.
         */
        post: operations["create_agent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/agents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Agent
         * @description One agent.
         */
        get: operations["get_agent"];
        put?: never;
        post?: never;
        /**
         * Delete Agent
         * @description Remove an agent. Dialogs that name it go on without it, and say so (`agent_missing`).
         */
        delete: operations["delete_agent"];
        options?: never;
        head?: never;
        /**
         * Update Agent
         * @description Change an agent: dialogs that name it follow with their next message.
         */
        patch: operations["update_agent"];
        trace?: never;
    };
    "/api/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Audit
         * @description Changes and sign-ins, newest first. One call reads a bounded amount: a page may be short, even empty, and still have a `next_cursor`.
         */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Audit Export
         * @description Entries as a file, newest first: at most 2,000 a call; `x-next-cursor` goes on. In CSV, text that a spreadsheet would take for a formula has
         *     an apostrophe before it.
         */
        get: operations["get_audit_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Many
         * @description Switch on, switch off or delete up to 100 things of a kind: each by its own rules, one after another, without If-Match, and with one release
         *     at the end. 200 although some fail: `results` says which, and why.
         */
        post: operations["change_many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/cache": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Cache
         * @description How often kept answers were given again, and what that saved, from the hourly and daily figures; a request appears some seconds after it
         *     ended.
         */
        get: operations["get_cache"];
        put?: never;
        post?: never;
        /**
         * Clear Cache
         * @description Throw kept answers away: nothing that was kept before is given again. One write, however much there is; it takes nothing from the figures.
         */
        delete: operations["clear_cache"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search Catalog
         * @description The best matches; there is no second page: refine the query.
         */
        get: operations["search_catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Configuration
         * @description Everything that is configured, as a document that `apply` reads. No secret is in it: an upstream key is a reference, or `stored: true`, which
         *     leaves it as it is where the document comes from.
         */
        get: operations["export_configuration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/configuration/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply Configuration
         * @description Make the configuration what a document says, and put it in force as one release, in draft mode too. 409: things were changed since the plan.
         */
        post: operations["apply_configuration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/configuration/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan Configuration
         * @description What applying a document would change. Nothing is written. 422 says what is wrong with the document, and where.
         */
        post: operations["plan_configuration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/end-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List End Users
         * @description End users by id.
         */
        get: operations["list_end_users"];
        put?: never;
        /**
         * Create End User
         * @description Add an end user. Keys that name its id have its limits from then on.
         */
        post: operations["create_end_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/end-users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get End User
         * @description One end user.
         */
        get: operations["get_end_user"];
        put?: never;
        post?: never;
        /**
         * Delete End User
         * @description Remove an end user. **Keys that name it become unlimited at once** (the gateway follows within half a minute), but for their own limits and
         *     those of their team; if it was disabled, they work again. To stop its keys, disable it instead.
         */
        delete: operations["delete_end_user"];
        options?: never;
        head?: never;
        /**
         * Update End User
         * @description Change an end user; the gateway follows within half a minute.
         */
        patch: operations["update_end_user"];
        trace?: never;
    };
    "/api/admin/end-users/{id}/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Balance
         * @description What an end user has left. One whose requests do not pay from it (`token_balance`) has a balance all the same.
         */
        get: operations["get_balance"];
        put?: never;
        /**
         * Change Balance
         * @description Add tokens, or take them away (a negative amount; the balance may go below zero). The same `id` again changes nothing.
         */
        post: operations["change_balance"];
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Limit Balance
         * @description The most tokens an end user may ever use; null = no limit.
         */
        patch: operations["limit_balance"];
        trace?: never;
    };
    "/api/admin/end-users/{id}/balance/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Balance History
         * @description What changed a balance, newest first.
         */
        get: operations["get_balance_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/end-users/{id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get End User Limits
         * @description Where an end user's limits stand.
         */
        get: operations["get_end_user_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/end-users/{id}/limits/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset End User Limit
         * @description Forget what one budget of an end user has spent in its present period; the limits as they stand then.
         */
        post: operations["reset_end_user_limit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/guardrails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Guardrails
         * @description Guardrails by id.
         */
        get: operations["list_guardrails"];
        put?: never;
        /**
         * Create Guardrail
         * @description Add a guardrail. With `everywhere` it holds from now on for every request, otherwise for those of the routes that name it.
         */
        post: operations["create_guardrail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/guardrails/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try Guardrail
         * @description What a guardrail says of a text. Nothing is stored and nothing is called: one of the kind `moderation` is refused.
         */
        post: operations["try_guardrail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/guardrails/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Guardrail
         * @description One guardrail.
         */
        get: operations["get_guardrail"];
        put?: never;
        post?: never;
        /**
         * Delete Guardrail
         * @description Remove a guardrail; 409 while a route names it.
         */
        delete: operations["delete_guardrail"];
        options?: never;
        head?: never;
        /**
         * Update Guardrail
         * @description Change a guardrail.
         */
        patch: operations["update_guardrail"];
        trace?: never;
    };
    "/api/admin/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Health
         * @description Every provider with its keys and models, as the data plane knows them; some seconds old.
         */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Invitations
         * @description Invitations, newest first; used and expired ones stay for a month after their end.
         */
        get: operations["list_invitations"];
        put?: never;
        /**
         * Create Invitation
         * @description Invite somebody. The reply is the only place its token is ever shown.
         */
        post: operations["create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Invitation
         * @description Revoke an invitation. Whoever has registered with it stays a user.
         */
        delete: operations["delete_invitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Keys
         * @description Virtual keys, newest first.
         */
        get: operations["list_keys"];
        put?: never;
        /**
         * Create Key
         * @description Make a virtual key. The reply is the only place its secret is ever shown.
         */
        post: operations["create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Key
         * @description One virtual key.
         */
        get: operations["get_key"];
        put?: never;
        post?: never;
        /**
         * Delete Key
         * @description Remove a virtual key; its log rows stay.
         */
        delete: operations["delete_key"];
        options?: never;
        head?: never;
        /**
         * Update Key
         * @description Change a virtual key; `active: false` revokes it everywhere within 30 seconds.
         */
        patch: operations["update_key"];
        trace?: never;
    };
    "/api/admin/keys/{id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Key Limits
         * @description Where a key's limits stand, and those of its user and team: a request needs room in all of them.
         */
        get: operations["get_key_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/keys/{id}/limits/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset Key Limit
         * @description Forget what one budget of a key has spent in its present period; the limits as they stand then.
         */
        post: operations["reset_key_limit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Limits
         * @description Where the limits of at most 50 keys, teams or users stand; `id` may be given many times.
         */
        get: operations["list_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Logs
         * @description Requests, newest first. One call reads a bounded amount: a page may be short, even empty, and still have a `next_cursor`.
         */
        get: operations["list_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/logs/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Log Export
         * @description Rows as a file, newest first, without headers and bodies: at most 2,000 a call and a bounded amount read, so that a part may be short;
         *     `x-next-cursor` goes on. In CSV, text that a spreadsheet would take for a formula has an apostrophe before it.
         */
        get: operations["get_log_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/logs/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Log Timeline
         * @description Requests by time and class of status, for the same filters as the list.
         */
        get: operations["get_log_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/logs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Log
         * @description One request with its attempts and, where recorded, bodies.
         */
        get: operations["get_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/logs/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop Request
         * @description Ask for the end of a running request; its row tells when it has ended. 409 when it already has.
         *
         *     A request that is not durable has no row while it runs, so that an id nobody has is accepted, and stops nothing.
         */
        post: operations["stop_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Models
         * @description Models by id. A page may be short and still have a `next_cursor`.
         */
        get: operations["list_models"];
        put?: never;
        /**
         * Create Model
         * @description Add a model. What is left out and known to the catalog (price, windows) is filled in; a price that is filled in is the model's list
         *     price: its provider's `prices` go before it, and its `price_factor_ppm` is applied to it. `price: null` fills in none.
         */
        post: operations["create_model"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model
         * @description One model.
         */
        get: operations["get_model"];
        put?: never;
        post?: never;
        /**
         * Delete Model
         * @description Remove a model.
         */
        delete: operations["delete_model"];
        options?: never;
        head?: never;
        /**
         * Update Model
         * @description Change a model. With another provider or upstream name, what the catalog said of the old model (price, windows, kind) becomes what it says
         *     of the new one, nothing where it knows nothing; what somebody set stays. A price that equals the present one is no change.
         */
        patch: operations["update_model"];
        trace?: never;
    };
    "/api/admin/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Overview
         * @description Figures of finished requests by the time they began (UTC); a request appears some seconds after it ended.
         *
         *     Hours are kept for 400 days: an older range has figures by the day only.
         */
        get: operations["get_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Explain Plan
         * @description Who would serve a request, in which order, who not, and why. Nothing is called. A request nobody would serve is an answer with a
         *     `refusal`; 422 is for a body, a key or a draft that does not fit.
         */
        post: operations["explain_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/playground": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Playground Key
         * @description A virtual key for the signed-in user, for an hour: it calls in their name (`user_id`), and ends when their user is changed or signed out
         *     everywhere. A user has five; a sixth takes the place of the oldest.
         */
        post: operations["create_playground_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/provider-kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Provider Kinds
         * @description Every vendor a provider may be of.
         */
        get: operations["list_provider_kinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Providers
         * @description Providers with their keys (hints only), by id.
         */
        get: operations["list_providers"];
        put?: never;
        /**
         * Create Provider
         * @description Add a provider. Its URL must not point at a private, loopback or metadata address unless that is allowed. `base_url`, `allow_private` and
         *     `extra_headers` are an administrator's: the proxy's environment may have a credential for a provider of that id.
         */
        post: operations["create_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/providers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Provider
         * @description One provider.
         */
        get: operations["get_provider"];
        put?: never;
        post?: never;
        /**
         * Delete Provider
         * @description Remove a provider and its keys; 409 names the models and routes that still use it.
         */
        delete: operations["delete_provider"];
        options?: never;
        head?: never;
        /**
         * Update Provider
         * @description Change a provider. `base_url`, `kind`, `allow_private` and `extra_headers` are an administrator's.
         */
        patch: operations["update_provider"];
        trace?: never;
    };
    "/api/admin/providers/{id}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import Provider Models
         * @description Create models of a provider, with what the catalog knows of them, in one release. Ids that are taken or cannot be ids are skipped.
         */
        post: operations["import_provider_models"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/providers/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Upstream Keys
         * @description The credentials of a provider, as hints. All of them: a provider has at most 50.
         */
        get: operations["list_upstream_keys"];
        put?: never;
        /**
         * Create Upstream Key
         * @description Add a credential. A value is encrypted on arrival and never shown again.
         */
        post: operations["create_upstream_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/providers/{id}/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Upstream Key
         * @description Remove a credential; log rows keep its id.
         */
        delete: operations["delete_upstream_key"];
        options?: never;
        head?: never;
        /**
         * Update Upstream Key
         * @description Change or replace a credential.
         */
        patch: operations["update_upstream_key"];
        trace?: never;
    };
    "/api/admin/providers/{id}/keys/{key_id}/revive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revive Upstream Key
         * @description Let a cooling or dead credential be tried again, with the next request. One that is still refused is dead again.
         */
        post: operations["revive_upstream_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/providers/{id}/probe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Probe Provider
         * @description Ask a provider for its models, with its stored key and at its address, for ten seconds at most. It changes nothing. A provider that refuses,
         *     is out of reach or has no list is an answer with `ok: false`; 503 means that it could not be asked at all.
         */
        post: operations["probe_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/providers/{id}/targets/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close Breaker
         * @description Let a target be called again whose breaker is open. One that still fails opens it again.
         */
        post: operations["close_breaker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Release
         * @description The release in force and what it holds. The ETag is its number.
         */
        get: operations["get_release"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Releases
         * @description Publications, newest first. They and the releases are kept for ever.
         */
        get: operations["list_releases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/releases/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Draft
         * @description What publishing the draft would change: the configuration as it is stored, beside the release in force. The ETag is the number in force.
         */
        get: operations["get_draft"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/releases/draft/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Discard Draft
         * @description Throw the draft away: the configuration is what is in force again, in one step and as a new number. 409 when that would write more than 98
         *     things. `if-match` is the number in force.
         */
        post: operations["discard_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/releases/draft/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish Draft
         * @description Put the draft in force, in one step. `if-match` is the number in force (412 when another is); with `release` only the draft that was looked
         *     at is published (409 when it was changed since).
         */
        post: operations["publish_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/releases/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Release Content
         * @description What a release holds, without secrets.
         */
        get: operations["get_release_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/releases/{hash}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Release Diff
         * @description What is different in a release from another, by default from the one in force: so what a rollback to it would change.
         */
        get: operations["get_release_diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/releases/{hash}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll Back
         * @description Make the configuration what it was in a release, in one step and as a new number; credentials that were deleted since come back as they were
         *     sealed. Virtual keys, teams and end users are no part of it. `if-match` is the number in force, the ETag of `/api/admin/release`.
         */
        post: operations["roll_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Routes
         * @description Routes by id; behind them, on the last page, the built-in ones that are in force.
         */
        get: operations["list_routes"];
        put?: never;
        /**
         * Create Route
         * @description Add a route. One of the id of a built-in route takes its place.
         */
        post: operations["create_route"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/routes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Route
         * @description One route. A built-in one has no version and no ETag.
         */
        get: operations["get_route"];
        put?: never;
        post?: never;
        /**
         * Delete Route
         * @description Remove a route. Where it stood in the place of a built-in one, that is back.
         */
        delete: operations["delete_route"];
        options?: never;
        head?: never;
        /**
         * Update Route
         * @description Change a route.
         */
        patch: operations["update_route"];
        trace?: never;
    };
    "/api/admin/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Settings
         * @description The settings and the facts of the deployment.
         */
        get: operations["get_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update Settings
         * @description Change the settings. 409 when a draft waits and `publishing` is to be `direct`: publish or discard it first. In draft mode a `cache` rule
         *     waits in the draft, as an edit of a route does.
         */
        patch: operations["update_settings"];
        trace?: never;
    };
    "/api/admin/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Teams
         * @description Teams by id.
         */
        get: operations["list_teams"];
        put?: never;
        /**
         * Create Team
         * @description Add a team. Keys that name its id have its limits from then on.
         */
        post: operations["create_team"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/teams/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Team
         * @description One team.
         */
        get: operations["get_team"];
        put?: never;
        post?: never;
        /**
         * Delete Team
         * @description Remove a team. **Keys that name it become unlimited at once** (the gateway follows within half a minute), but for their own limits and
         *     those of their user; if it was disabled, they work again. To stop its keys, disable it instead.
         */
        delete: operations["delete_team"];
        options?: never;
        head?: never;
        /**
         * Update Team
         * @description Change a team; the gateway follows within half a minute.
         */
        patch: operations["update_team"];
        trace?: never;
    };
    "/api/admin/teams/{id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Team Limits
         * @description Where a team's limits stand.
         */
        get: operations["get_team_limits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/teams/{id}/limits/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset Team Limit
         * @description Forget what one budget of a team has spent in its present period; the limits as they stand then.
         */
        post: operations["reset_team_limit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Usage
         * @description Sums of finished requests by the time they began; a request appears some seconds after it ended. Users see their own.
         */
        get: operations["get_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/usage/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Usage Export
         * @description The same as a file, with every group: at most 10,000 rows. In CSV, text that a spreadsheet would take for a formula has an apostrophe
         *     before it.
         */
        get: operations["get_usage_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Users
         * @description Users, newest first.
         */
        get: operations["list_users"];
        put?: never;
        /**
         * Create User
         * @description Add a user with a password to begin with.
         */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get User
         * @description One user.
         */
        get: operations["get_user"];
        put?: never;
        post?: never;
        /**
         * Delete User
         * @description Remove a user, but not the deployment's administrator nor the last active one; log rows keep the id.
         */
        delete: operations["delete_user"];
        options?: never;
        head?: never;
        /**
         * Update User
         * @description Change a user. It counts with their next request. The deployment's administrator and the last active one keep their role.
         */
        patch: operations["update_user"];
        trace?: never;
    };
    "/api/admin/users/{id}/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Logout User
         * @description End all sessions of a user.
         */
        post: operations["logout_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Login
         * @description Exchange a user name and password for a bearer token, and a refresh token in a cookie. The sixth bad try in a window is refused with 429.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Logout
         * @description End this session, for good: the bearer token's and, with the header, the cookie's, which outlives an expired bearer token.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout-everywhere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Logout Everywhere
         * @description End all sessions of the signed-in user, this one included.
         */
        post: operations["logout_everywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Me
         * @description The signed-in user.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Password
         * @description Change one's own password. All sessions end; the reply begins a new one.
         */
        post: operations["change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh
         * @description The next bearer token of this session. The cookie's refresh token is used up and replaced; one that was used before ends the session.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register
         * @description Become a user and sign in. Whether anybody may, or who has an invitation, or nobody, is a setting of the deployment.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/registration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Registration
         * @description Whether one may register here: a setting of the deployment. Nobody needs to be signed in to ask; anybody who tries to register is told.
         */
        get: operations["get_registration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Audit Lines
         * @description The audit log, newest first: the same entries as `/api/admin/audit`. Without dates, all that is kept.
         */
        get: operations["list_audit_lines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/balances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Balances
         * @description The same people with all of their balances.
         */
        get: operations["list_balances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/balances/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Owner Balance
         * @description One owner and their balance.
         */
        get: operations["get_owner_balance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dialogs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Owned Dialogs
         * @description An owner's dialogs, newest first: their titles, and none of the texts in them.
         */
        get: operations["list_owned_dialogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/models/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reload Models
         * @description Nothing is to be reloaded here: a change of the configuration is in force everywhere within seconds. Says what is in force.
         */
        post: operations["reload_models"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Dialog Stats
         * @description Figures of all finished requests, those of dialogs among them: of the last 30 days, or of the days asked for, the last one included.
         */
        get: operations["get_dialog_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Owners
         * @description Everybody who has dialogs or may pay from a balance, those last active first. `x-total-count` says how many there are; it is absent where
         *     there are more than are counted.
         */
        get: operations["list_owners"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Owner
         * @description One owner of dialogs or of a balance; 404 when nobody is known by this id.
         */
        get: operations["get_owner"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Limit Owner Tokens
         * @description The most tokens that an owner may ever use; null = no limit. It holds from the next message on.
         */
        patch: operations["limit_owner_tokens"];
        trace?: never;
    };
    "/api/v1/admin/users/{id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Owner Tokens
         * @description Add tokens, or take them away (negative; the balance may go below zero). The same `id` again changes nothing.
         */
        post: operations["change_owner_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/tokens/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Owner Token History
         * @description What changed a balance, newest first.
         */
        get: operations["get_owner_token_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Agent Types
         * @description The agents that a dialog may name, the built-in ones first.
         */
        get: operations["list_agent_types"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dialogs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Dialogs
         * @description Your dialogs, newest first.
         */
        get: operations["list_dialogs"];
        put?: never;
        /**
         * Create Dialog
         * @description Begin a dialog. A model or an agent that is not there for you is refused, with the names of those that are.
         */
        post: operations["create_dialog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dialogs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Dialog
         * @description One dialog; 404 when you have none of this id, whoever else has.
         */
        get: operations["get_dialog"];
        put?: never;
        post?: never;
        /**
         * Delete Dialog
         * @description Remove a dialog with all its messages.
         */
        delete: operations["delete_dialog"];
        options?: never;
        head?: never;
        /**
         * Update Dialog
         * @description Change a dialog's title, system prompt, model or agent; its next message goes by it.
         */
        patch: operations["update_dialog"];
        trace?: never;
    };
    "/api/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Dialogs
         * @description All your dialogs with their messages, oldest first: about 4 MB an answer; `next_cursor` goes on where there are more.
         */
        get: operations["export_dialogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import Dialogs
         * @description Make new dialogs of an export (5 MB at most): nothing that you have is changed. What does not fit is left out, dialog by dialog, and told.
         */
        post: operations["import_dialogs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Dialog Models
         * @description The models that you may use: routes first, then models, those that are switched off among them (`enabled`).
         */
        get: operations["list_dialog_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Dialog Model
         * @description One model; 404 when there is none of this name for you.
         */
        get: operations["get_dialog_model"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Own Tokens
         * @description Your token balance, what you used, and the most that you may ever use.
         */
        get: operations["get_own_tokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/tokens/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Own Token History
         * @description What changed your balance, newest first.
         */
        get: operations["get_own_token_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hub List Keys
         * @description The keys of all providers, as masks.
         */
        get: operations["hub_list_keys"];
        put?: never;
        /**
         * Hub Create Key
         * @description Add a key. It is encrypted on arrival and never shown again. A vendor without a provider gets one.
         */
        post: operations["hub_create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys/discover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hub Discover Key
         * @description Ask a vendor for its models with a key that is stored nowhere, for ten seconds at most. 400 with the vendor's reason when it refuses.
         */
        post: operations["hub_discover_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Hub Delete Key
         * @description Remove a key; log rows keep its id.
         */
        delete: operations["hub_delete_key"];
        options?: never;
        head?: never;
        /**
         * Hub Update Key
         * @description Rename a key, switch it on or off, or give it another quota.
         */
        patch: operations["hub_update_key"];
        trace?: never;
    };
    "/v1/admin/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hub List Logs
         * @description The newest requests, without their bodies. Users see their own, and not which key paid. One call reads a bounded amount: where somebody's
         *     requests are rare among many, the list may be short.
         */
        get: operations["hub_list_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hub Get Stats
         * @description Figures of finished requests; a request appears some seconds after it ended. Users see their own.
         */
        get: operations["hub_get_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hub Login
         * @description Exchange a user name and password for a bearer token. The sixth bad try in a window is refused with 429.
         */
        post: operations["hub_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hub Me
         * @description The signed-in user.
         */
        get: operations["hub_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hub Register
         * @description Become a user. Whether anybody may, or who has an invitation, or nobody, is a setting of the deployment; the first user is no administrator.
         *     400 when the name is taken.
         */
        post: operations["hub_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AgentConfigIO
         * @description How a model is asked. What is left out (or null) is not said here: an agent's preset goes under a dialog's, that under a message's.
         *     `max_tokens` is at most the context window of the dialog's model.
         */
        "AgentConfigIO-Input": {
            /** Frequency Penalty */
            frequency_penalty?: number | null;
            /** Max Tokens */
            max_tokens?: number | null;
            /** Presence Penalty */
            presence_penalty?: number | null;
            /** Stop Sequences */
            stop_sequences?: string[] | null;
            /** Temperature */
            temperature?: number | null;
            /** Top P */
            top_p?: number | null;
        };
        "AgentConfigIO-Output": {
            [key: string]: unknown;
        };
        /**
         * AgentIn
         * @description A new agent: what dialogs that name it say where they say nothing themselves. With the id of a built-in one it takes that one's place.
         */
        AgentIn: {
            /**
             * Description
             * @default
             */
            description?: string;
            /** Frequency Penalty */
            frequency_penalty?: number | null;
            /** Id */
            id: string;
            /** Max Tokens */
            max_tokens?: number | null;
            /** Model */
            model?: string | null;
            /** Name */
            name?: string | null;
            /** Presence Penalty */
            presence_penalty?: number | null;
            /** Stop Sequences */
            stop_sequences?: string[] | null;
            /** System Prompt */
            system_prompt?: string | null;
            /** Temperature */
            temperature?: number | null;
            /** Top P */
            top_p?: number | null;
        };
        /**
         * AgentOut
         * @description An agent. `built_in`: it stands in the place of a built-in one, which is back when it is deleted.
         */
        AgentOut: {
            /** Built In */
            built_in: boolean;
            /** Description */
            description: string;
            /** Frequency Penalty */
            frequency_penalty: number | null;
            /** Id */
            id: string;
            /** Max Tokens */
            max_tokens: number | null;
            /** Model */
            model: string | null;
            /** Name */
            name: string;
            /** Presence Penalty */
            presence_penalty: number | null;
            /** Stop Sequences */
            stop_sequences: string[] | null;
            /** System Prompt */
            system_prompt: string | null;
            /** Temperature */
            temperature: number | null;
            /** Top P */
            top_p: number | null;
            /** Updated At */
            updated_at: number;
            /** Version */
            version: number;
        };
        /**
         * AgentPatch
         * @description Changes to an agent; absent fields stay, null clears where the reply may be null.
         */
        AgentPatch: {
            /** Description */
            description?: string | null;
            /** Frequency Penalty */
            frequency_penalty?: number | null;
            /** Max Tokens */
            max_tokens?: number | null;
            /** Model */
            model?: string | null;
            /** Name */
            name?: string | null;
            /** Presence Penalty */
            presence_penalty?: number | null;
            /** Stop Sequences */
            stop_sequences?: string[] | null;
            /** System Prompt */
            system_prompt?: string | null;
            /** Temperature */
            temperature?: number | null;
            /** Top P */
            top_p?: number | null;
        };
        /**
         * AgentTypeOut
         * @description An agent that a dialog may name. `built_in`: every deployment has it, and this one did not change it.
         */
        AgentTypeOut: {
            /** Built In */
            built_in: boolean;
            config: components["schemas"]["AgentConfigIO-Output"];
            /** Description */
            description: string;
            /** Id */
            id: string;
            /** Model */
            model: string | null;
            /** Name */
            name: string;
            /** System Prompt */
            system_prompt: string | null;
        };
        /**
         * AttemptOut
         * @description One call of an upstream; `fault` null = it succeeded; `next` is what followed (stop, retry, …).
         *
         *     `kind`: `call`, `probe` (the one call a half-open breaker lets through), `hedge` (began beside a slow one), `mirror`, or `skip` (not
         *     called, for the reason in `fault`). `began_ms` counts from the request's arrival. `cost_nano`: what a call that did not win cost.
         */
        AttemptOut: {
            /** Began Ms */
            began_ms: number | null;
            /** Cost Nano */
            cost_nano: number | null;
            /** Fault */
            fault: string | null;
            /** First Byte Ms */
            first_byte_ms: number | null;
            /** Kind */
            kind: string;
            /** Model */
            model: string;
            /** Next */
            next: string;
            /** Provider */
            provider: string;
            /** Status */
            status: number | null;
            /** Total Ms */
            total_ms: number;
            /** Upstream Key Id */
            upstream_key_id: string | null;
        };
        /**
         * AuditLineOut
         * @description One entry of the audit log. `details`: how it ended, and what changed.
         */
        AuditLineOut: {
            /** Action */
            action: string;
            /** Created At */
            created_at: string;
            /** Details */
            details: {
                [key: string]: unknown;
            } | null;
            /** Id */
            id: string;
            /** Ip Address */
            ip_address: string | null;
            /** Resource Id */
            resource_id: string | null;
            /** Resource Type */
            resource_type: string;
            /** User Agent */
            user_agent: string | null;
            /** User Id */
            user_id: string | null;
        };
        /**
         * AuditOut
         * @description One change. `refused`: nothing changed; `failed`: an error, and what `changes` names is changed all the same; `unknown`: it was begun, and
         *     how it ended was never written, so that it may have been made or not. `cut`: the values were too large to keep.
         */
        AuditOut: {
            /** Action */
            action: string;
            /** Actor Id */
            actor_id: string;
            /** Actor Name */
            actor_name: string;
            /** Actor Role */
            actor_role: string;
            /** Address */
            address: string;
            /** Changes */
            changes: components["schemas"]["ChangeOut"][];
            /** Cut */
            cut: boolean;
            /** Forwarded For */
            forwarded_for: string;
            /** Id */
            id: string;
            /** Noun */
            noun: string;
            /** Noun Id */
            noun_id: string;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "unknown" | "done" | "refused" | "failed";
            /** Release After */
            release_after: string | null;
            /** Release Before */
            release_before: string | null;
            /** Request Id */
            request_id: string;
            /** Status */
            status: number | null;
            /** Time Ms */
            time_ms: number;
            /** User Agent */
            user_agent: string;
        };
        /**
         * AuditPart
         * @description A part of an export as JSON; `next_cursor` null = there is nothing older.
         */
        AuditPart: {
            /** Items */
            items: components["schemas"]["AuditOut"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * BalanceIn
         * @description A change of a token balance. `id` (any text of the caller's) makes it happen once, however often it is sent.
         */
        BalanceIn: {
            /**
             * Amount
             * @description Tokens; negative takes away
             */
            amount: number;
            /** Id */
            id?: string | null;
        };
        /**
         * BalanceLimitIn
         * @description `limit`: tokens that may ever be used, null = no limit.
         */
        BalanceLimitIn: {
            /** Limit */
            limit: number | null;
        };
        /**
         * BalanceOut
         * @description Tokens. `available` can be spent now, `held` is reserved by running requests, `granted` is what the balance began with.
         */
        BalanceOut: {
            /** Available */
            available: number;
            /** Granted */
            granted: number;
            /** Held */
            held: number;
            /** Limit */
            limit: number | null;
            /** Used */
            used: number;
        };
        /**
         * BalancePage
         * @description Owners, those last active first. `total` is null where there are more than are counted.
         */
        BalancePage: {
            /** Items */
            items: components["schemas"]["BalanceRow"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /**
         * BalanceRow
         * @description An owner and their balance. `source`: an `account` (end user), a `user` of the dashboard, a virtual `key` without a user, or somebody who
         *     only has dialogs (`dialogs`). `pays`: their messages are paid from the balance.
         */
        BalanceRow: {
            /** Available */
            available: number;
            /** Dialogs */
            dialogs: number;
            /** Granted */
            granted: number;
            /** Held */
            held: number;
            /** Id */
            id: string;
            /** Last Activity */
            last_activity: string | null;
            /** Limit */
            limit: number | null;
            /** Messages */
            messages: number;
            /** Name */
            name: string | null;
            /** Pays */
            pays: boolean;
            /**
             * Source
             * @enum {string}
             */
            source: "account" | "user" | "key" | "dialogs";
            /** Tokens */
            tokens: number;
            /** Used */
            used: number;
        };
        /**
         * Bar
         * @description Requests that began within a bar. `other`: no HTTP status class of its own (the client had left). `running` is known only where rows
         *     are counted; `mirrors` are copies that nobody waited for, in none of the other counts.
         */
        Bar: {
            /** Errors */
            errors: number;
            /** Mirrors */
            mirrors: number;
            /** Other */
            other: number;
            /** Requests */
            requests: number;
            /** Running */
            running: number;
            /** Start */
            start: number;
            /** Status 2Xx */
            status_2xx: number;
            /** Status 3Xx */
            status_3xx: number;
            /** Status 4Xx */
            status_4xx: number;
            /** Status 5Xx */
            status_5xx: number;
        };
        /**
         * BudgetIO
         * @description The most money of one period, held and settled together. A day begins at `reset_time` in `timezone`, a month on `reset_day` at that
         *     time; `total` never ends, so these say nothing there.
         */
        BudgetIO: {
            /**
             * Period
             * @enum {string}
             */
            period: "day" | "month" | "total";
            /**
             * Reset Day
             * @default 1
             */
            reset_day?: number;
            /**
             * Reset Time
             * @default 00:00
             * @example 06:30
             */
            reset_time?: string;
            /**
             * Timezone
             * @description IANA name
             * @default UTC
             * @example Europe/Berlin
             */
            timezone?: string;
            /**
             * Usd
             * @description US dollars as a decimal string, exact to the nano-dollar; 0 = nothing may be spent
             * @example 25.00
             */
            usd: string;
        };
        /**
         * BulkIn
         * @description One action for up to 100 things of a kind.
         */
        BulkIn: {
            /**
             * Action
             * @enum {string}
             */
            action: "activate" | "deactivate" | "delete";
            /** Ids */
            ids: string[];
            /**
             * Noun
             * @enum {string}
             */
            noun: "provider" | "model" | "guardrail" | "route" | "agent" | "virtual_key" | "team" | "end_user" | "user";
        };
        /**
         * BulkOut
         * @description In the order of the ids. `changed` counts things that are different now.
         */
        BulkOut: {
            /** Changed */
            changed: number;
            /** Results */
            results: components["schemas"]["BulkResult"][];
        };
        /**
         * BulkResult
         * @description What became of one thing. `error` says why it was left as it is, null = it is as was asked.
         */
        BulkResult: {
            /** Error */
            error: string | null;
            /** Id */
            id: string;
            /** Ok */
            ok: boolean;
        };
        /**
         * CachePoint
         * @description One interval, from `start` to before `end`.
         */
        CachePoint: {
            /** Bypassed */
            bypassed: number;
            /** End */
            end: number;
            /** Hit Rate */
            hit_rate: number | null;
            /** Hits */
            hits: number;
            /** Misses */
            misses: number;
            /** Requests */
            requests: number;
            /** Saved Usd */
            saved_usd: string;
            /** Semantic */
            semantic: number;
            /** Start */
            start: number;
        };
        /**
         * CacheReport
         * @description `from` and `to` are what is covered. The figures are the sums of `points`, and of `routes`, of which those come first that saved most.
         */
        CacheReport: {
            /** Bypassed */
            bypassed: number;
            /** From */
            from: number;
            /** Hit Rate */
            hit_rate: number | null;
            /** Hits */
            hits: number;
            /** Misses */
            misses: number;
            /** Points */
            points: components["schemas"]["CachePoint"][];
            /** Requests */
            requests: number;
            /** Routes */
            routes: components["schemas"]["CacheRoute"][];
            /** Saved Usd */
            saved_usd: string;
            /** Semantic */
            semantic: number;
            /** To */
            to: number;
        };
        /**
         * CacheRoute
         * @description One route; null = requests without one.
         */
        CacheRoute: {
            /** Bypassed */
            bypassed: number;
            /** Hit Rate */
            hit_rate: number | null;
            /** Hits */
            hits: number;
            /** Misses */
            misses: number;
            /** Requests */
            requests: number;
            /** Route */
            route: string | null;
            /** Saved Usd */
            saved_usd: string;
            /** Semantic */
            semantic: number;
        };
        /**
         * CacheRuleIO
         * @description Which answers are kept and given again. `exact`: the same request gets the same answer; `semantic`: so does one whose last question means
         *     the same, at a cosine of `threshold` or above by `embedding_model` (an embedding model of this gateway; null = the built-in offline one).
         *     `scope` is who shares answers; where a key has no user or team, it is the key alone. They are kept for `ttl_seconds`.
         */
        CacheRuleIO: {
            /** Embedding Model */
            embedding_model?: string | null;
            /**
             * Mode
             * @default exact
             * @enum {string}
             */
            mode?: "exact" | "semantic";
            /**
             * Scope
             * @default team
             * @enum {string}
             */
            scope?: "key" | "user" | "team" | "deployment";
            /**
             * Threshold
             * @default 0.95
             */
            threshold?: number;
            /**
             * Ttl Seconds
             * @default 3600
             */
            ttl_seconds?: number;
        };
        /**
         * CatalogOut
         * @description Known facts of a vendor's model, to prefill a form.
         */
        CatalogOut: {
            /** Context Window */
            context_window: number | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "chat" | "embedding" | "image" | "speech" | "transcription" | "moderation" | "rerank";
            /** Max Output Tokens */
            max_output_tokens: number | null;
            price: components["schemas"]["PriceIO"] | null;
            /** Provider Kind */
            provider_kind: string;
            /** Upstream Model */
            upstream_model: string;
        };
        /**
         * ChangeOut
         * @description What became of one thing: the fields that differ. `before` null = it was made, `after` null = it was removed; both null = it was changed,
         *     and the values are not kept. A secret that was replaced is the field `value`; what it was is nowhere.
         */
        ChangeOut: {
            /** After */
            after: {
                [key: string]: unknown;
            } | null;
            /** Before */
            before: {
                [key: string]: unknown;
            } | null;
            /** Id */
            id: string;
            /** Noun */
            noun: string;
        };
        /**
         * CloseIn
         * @description The target whose breaker is to be closed: the provider's own name of a model.
         */
        CloseIn: {
            /** Model */
            model: string;
        };
        /**
         * ConfigurationApplied
         * @description What is in force now. `changed` false: everything was so already, and nothing was written.
         */
        ConfigurationApplied: {
            /** Changed */
            changed: boolean;
            /** Keys */
            keys: components["schemas"]["GeneratedKey"][];
            /** Number */
            number: number;
            /** Release */
            release: string | null;
        };
        /**
         * ConfigurationApplyIn
         * @description A document to be applied. With the `fingerprint` of a plan: 409 unless this is the document that was planned, against what is stored now.
         */
        ConfigurationApplyIn: {
            /**
             * Document
             * @description The document, as YAML or JSON text
             */
            document: string;
            /** Fingerprint */
            fingerprint?: string | null;
            /** Format */
            format?: ("yaml" | "json") | null;
            /**
             * Prune
             * @default false
             */
            prune?: boolean;
            /**
             * Variables
             * @description Values of the environment variables that the document names (`env:`, `api_key_env:`). The gateway's own are never read
             */
            variables?: {
                [key: string]: string;
            };
        };
        /**
         * ConfigurationIn
         * @description A document to be planned. `format` null: JSON is YAML, too, so that either is understood. With `prune` everything that the document does
         *     not name is removed: providers, upstream keys, models, routes, virtual keys, teams and end users, not the dashboard's users.
         */
        ConfigurationIn: {
            /**
             * Document
             * @description The document, as YAML or JSON text
             */
            document: string;
            /** Format */
            format?: ("yaml" | "json") | null;
            /**
             * Prune
             * @default false
             */
            prune?: boolean;
            /**
             * Variables
             * @description Values of the environment variables that the document names (`env:`, `api_key_env:`). The gateway's own are never read
             */
            variables?: {
                [key: string]: string;
            };
        };
        /**
         * ConfigurationPlan
         * @description What applying would change; nothing was written. `number` is that of the release in force.
         */
        ConfigurationPlan: {
            /** Changes */
            changes: components["schemas"]["PlannedChange"][];
            /** Fingerprint */
            fingerprint: string;
            /** Missing */
            missing: components["schemas"]["MissingSecret"][];
            /** Number */
            number: number;
            /** Warnings */
            warnings: string[];
        };
        /**
         * DeploymentOut
         * @description What the deployment was made with; parameters of its template change it. `propagation_seconds`: how late the gateway may follow a
         *     publication, at its next request. `keepalive_seconds` 0 = streams get no signs of life. `offline_embedder`: semantic caches may do without a
         *     model of their own.
         */
        DeploymentOut: {
            /** Allow Private Upstreams */
            allow_private_upstreams: boolean;
            /** Audit Ttl Days */
            audit_ttl_days: number;
            /** Config Poll Seconds */
            config_poll_seconds: number;
            /** Durable Logs */
            durable_logs: boolean;
            /** Keepalive Seconds */
            keepalive_seconds: number;
            /** Key Cache Seconds */
            key_cache_seconds: number;
            /** Log Ttl Days */
            log_ttl_days: number;
            /** Offline Embedder */
            offline_embedder: boolean;
            /** Oidc Issuer */
            oidc_issuer: string | null;
            /** Propagation Seconds */
            propagation_seconds: number;
            /** Region */
            region: string;
            /**
             * Registration
             * @enum {string}
             */
            registration: "closed" | "invite" | "open";
            /** Retry Attempts */
            retry_attempts: number;
            /** Stage */
            stage: string;
            /** Token Grant */
            token_grant: number;
            /** Upstream Health */
            upstream_health: boolean;
        };
        /**
         * DialogCopy
         * @description An exported dialog, with its messages from the oldest on.
         */
        DialogCopy: {
            /** Agent */
            agent: string | null;
            agent_config: components["schemas"]["AgentConfigIO-Output"];
            /** Created At */
            created_at: string;
            /** Id */
            id: string;
            /** Messages */
            messages: components["schemas"]["MessageCopy"][];
            /** Model Name */
            model_name: string | null;
            /** System Prompt */
            system_prompt: string | null;
            /** Title */
            title: string | null;
            /** Updated At */
            updated_at: string;
        };
        /**
         * DialogIn
         * @description A new dialog. Without a `model_name` its agent's model answers, else the first that the caller may use. `agent`: an id of `/api/v1/agents`.
         */
        DialogIn: {
            /** Agent */
            agent?: string | null;
            agent_config?: components["schemas"]["AgentConfigIO-Input"] | null;
            /** Model Name */
            model_name?: string | null;
            /** System Prompt */
            system_prompt?: string | null;
            /** Title */
            title?: string | null;
        };
        /**
         * DialogModelOut
         * @description A model that the caller may use. Costs are US dollars for 1,000 tokens; null = not known, as of a route that has several models.
         */
        DialogModelOut: {
            /** Context Window */
            context_window: number | null;
            /** Cost Per 1K Completion Tokens */
            cost_per_1k_completion_tokens: number | null;
            /** Cost Per 1K Prompt Tokens */
            cost_per_1k_prompt_tokens: number | null;
            /** Enabled */
            enabled: boolean;
            /** Name */
            name: string;
            /** Provider */
            provider: string;
        };
        /**
         * DialogOut
         * @description A dialog. `model_name` is the model that answers: the dialog's own, else its agent's, else the first that the caller may use; null = there
         *     is none. `agent_missing`: the agent it names is gone, and the default one stands in for it.
         */
        DialogOut: {
            /** Agent */
            agent: string | null;
            agent_config: components["schemas"]["AgentConfigIO-Output"];
            /** Agent Missing */
            agent_missing: boolean;
            /** Created At */
            created_at: string;
            /** Id */
            id: string;
            /** Message Count */
            message_count: number;
            /** Model Name */
            model_name: string | null;
            /** System Prompt */
            system_prompt: string | null;
            /** Title */
            title: string | null;
            /** Updated At */
            updated_at: string;
            /** User Id */
            user_id: string;
        };
        /**
         * DialogPage
         * @description One page of the caller's dialogs. `total` counts all that there are (that match `q`).
         */
        DialogPage: {
            /** Has Next */
            has_next: boolean;
            /** Items */
            items: components["schemas"]["DialogOut"][];
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /** Total */
            total: number;
        };
        /**
         * DialogPatch
         * @description Changes to a dialog; absent fields stay, null clears. `agent_config` is replaced as a whole.
         */
        DialogPatch: {
            /** Agent */
            agent?: string | null;
            agent_config?: components["schemas"]["AgentConfigIO-Input"] | null;
            /** Model Name */
            model_name?: string | null;
            /** System Prompt */
            system_prompt?: string | null;
            /** Title */
            title?: string | null;
        };
        /**
         * DialogsErrorReply
         * @description Every error under `/api/v1` has this shape. `code` is a stable word, `request_id` what to quote to support; `details.field` is the
         *     field that does not fit.
         */
        DialogsErrorReply: {
            /** Code */
            code: string;
            /** Details */
            details?: {
                [key: string]: unknown;
            } | null;
            /** Message */
            message: string;
            /** Request Id */
            request_id: string;
        };
        /**
         * DialogsImportIn
         * @description Dialogs of an export, each judged by itself: `title`, `system_prompt`, `model_name`, `agent`, `agent_config`, `messages` (`role` and `content`,
         *     and what an export says of them). What an export has beside `dialogs` may be there, and is not looked at.
         */
        DialogsImportIn: {
            /** Dialog Count */
            dialog_count?: number | null;
            /** Dialogs */
            dialogs: unknown[];
            /** Errors */
            errors?: unknown[] | null;
            /** Exported At */
            exported_at?: string | null;
            /** Message Count */
            message_count?: number | null;
            /** Next Cursor */
            next_cursor?: string | null;
            /** User Id */
            user_id?: unknown;
            /**
             * Version
             * @default 1.0
             * @constant
             */
            version?: "1.0";
        };
        /**
         * DialogsImportOut
         * @description What became of an import. `errors` names each dialog that was left out, by its place in the list.
         */
        DialogsImportOut: {
            /** Dialogs Imported */
            dialogs_imported: number;
            /** Errors */
            errors: string[];
            /** Messages Imported */
            messages_imported: number;
        };
        /**
         * DraftDiff
         * @description What publishing the draft would change: from `before`, the release in force (null = nothing was published), whose number is `number`, to
         *     `after`, which is not stored yet.
         */
        DraftDiff: {
            /** After */
            after: string;
            /** Before */
            before: string | null;
            /** Changes */
            changes: components["schemas"]["ChangeOut"][];
            /** Number */
            number: number;
        };
        /**
         * DraftIn
         * @description What is to be published: with `release`, only the draft that was looked at (its `after`); 409 when it was changed since.
         */
        DraftIn: {
            /** Release */
            release?: string | null;
        };
        /**
         * DrawnOut
         * @description The draw of a share: a hit where `number` (0 to 100) is below `percent`.
         */
        DrawnOut: {
            /**
             * By
             * @enum {string}
             */
            by: "request" | "key";
            /** Hit */
            hit: boolean;
            /** Model */
            model: string;
            /** Number */
            number: number;
            /** Percent */
            percent: number;
            /** Provider */
            provider: string;
        };
        /**
         * EndUserIn
         * @description A new end user. `id` is what keys name as `user_id`; `token_balance`: tokens are paid from a balance that is granted and topped up.
         */
        EndUserIn: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /** Allowed Models */
            allowed_models?: string[];
            /** Allowed Providers */
            allowed_providers?: string[];
            /** Id */
            id: string;
            limits?: components["schemas"]["LimitsIO"] | null;
            /** Name */
            name?: string | null;
            /**
             * Token Balance
             * @default false
             */
            token_balance?: boolean;
            /** Valid Until */
            valid_until?: number | null;
        };
        /**
         * EndUserOut
         * @description An end user.
         */
        EndUserOut: {
            /** Active */
            active: boolean;
            /** Allowed Models */
            allowed_models: string[];
            /** Allowed Providers */
            allowed_providers: string[];
            /** Id */
            id: string;
            limits: components["schemas"]["LimitsIO"] | null;
            /** Name */
            name: string;
            /** Token Balance */
            token_balance: boolean;
            /** Updated At */
            updated_at: number;
            /** Valid Until */
            valid_until: number | null;
            /** Version */
            version: number;
        };
        /**
         * EndUserPatch
         * @description Changes to an end user.
         */
        EndUserPatch: {
            /** Active */
            active?: boolean | null;
            /** Allowed Models */
            allowed_models?: string[] | null;
            /** Allowed Providers */
            allowed_providers?: string[] | null;
            limits?: components["schemas"]["LimitsIO"] | null;
            /** Name */
            name?: string | null;
            /** Token Balance */
            token_balance?: boolean | null;
            /** Valid Until */
            valid_until?: number | null;
        };
        /**
         * EntityOut
         * @description A thing of a release: the fields the API has for it, without secrets and versions.
         */
        EntityOut: {
            /** Fields */
            fields: {
                [key: string]: unknown;
            };
            /** Id */
            id: string;
            /**
             * Noun
             * @enum {string}
             */
            noun: "provider" | "upstream_key" | "model" | "guardrail" | "route" | "agent" | "cache";
        };
        /**
         * EntryOut
         * @description One change, `at` Unix ms: `reason` is `llm_usage`, `admin_top_up` or `admin_deduct`; `amount` was added (negative: taken).
         */
        EntryOut: {
            /** Admin */
            admin: string | null;
            /** Amount */
            amount: number;
            /** At */
            at: number;
            /** Id */
            id: string | null;
            /** Model */
            model: string | null;
            /** Reason */
            reason: string;
            /** Request Id */
            request_id: string | null;
        };
        /**
         * ErrorDetail
         * @description What went wrong. `type` is a stable word, `field` the path of the offending field, `request_id` what to quote to support.
         */
        ErrorDetail: {
            /** Field */
            field?: string | null;
            /** Message */
            message: string;
            /** Request Id */
            request_id: string;
            /** Type */
            type: string;
        };
        /**
         * ErrorReply
         * @description Every error of this API has this shape.
         */
        ErrorReply: {
            error: components["schemas"]["ErrorDetail"];
        };
        /**
         * EstimateOut
         * @description What the request costs at a model's prices (pico-dollars per token and request). `tier_above`: the tier that holds. `assumed`: the
         *     client did not say how much output it wants; `counted` false: the input was not counted.
         */
        EstimateOut: {
            /** Assumed */
            assumed: boolean;
            /** Counted */
            counted: boolean;
            /** Input Price */
            input_price: number;
            /** Input Tokens */
            input_tokens: number;
            /** Nano Usd */
            nano_usd: number;
            /** Output Price */
            output_price: number;
            /** Output Tokens */
            output_tokens: number;
            /** Request Price */
            request_price: number;
            /** Tier Above */
            tier_above: number | null;
        };
        /**
         * ExportOut
         * @description The caller's dialogs. `next_cursor`: there are more than one answer holds; ask again with it. `errors` names the dialogs that are too large
         *     for any export.
         */
        ExportOut: {
            /** Dialog Count */
            dialog_count: number;
            /** Dialogs */
            dialogs: components["schemas"]["DialogCopy"][];
            /** Errors */
            errors: string[];
            /** Exported At */
            exported_at: string;
            /** Message Count */
            message_count: number;
            /** Next Cursor */
            next_cursor: string | null;
            /** User Id */
            user_id: string;
            /** Version */
            version: string;
        };
        /**
         * Figures
         * @description Sums of finished requests. `errors`: a status ≥ 400 or an error. `input_tokens` is all that went in, fresh and cached;
         *     `reasoning_tokens` are part of `output_tokens`. `cost_nano` is the cost of the answers given; `unpriced` requests have an unknown
         *     one. `lost_cost_nano` was paid for calls beside the answering one; `mirrors` are copies that nobody waited for, in none of the other
         *     counts. `total_cost_nano` is the three costs together. Latencies are milliseconds, at most 5 % off; null without samples, and for two
         *     dimensions together. `cache_hits` were answered with what was kept, `cache_semantic` of them to another question that means the same;
         *     `saved_nano` is what those answers had cost to make.
         */
        Figures: {
            /** Cache Bypassed */
            cache_bypassed: number;
            /** Cache Hits */
            cache_hits: number;
            /** Cache Misses */
            cache_misses: number;
            /** Cache Read Tokens */
            cache_read_tokens: number;
            /** Cache Semantic */
            cache_semantic: number;
            /** Cache Write 1H Tokens */
            cache_write_1h_tokens: number;
            /** Cache Write 5M Tokens */
            cache_write_5m_tokens: number;
            /** Cost Nano */
            cost_nano: number;
            /** Errors */
            errors: number;
            /** First Byte P50 Ms */
            first_byte_p50_ms: number | null;
            /** First Byte P95 Ms */
            first_byte_p95_ms: number | null;
            /** First Byte P99 Ms */
            first_byte_p99_ms: number | null;
            /** Fresh Tokens */
            fresh_tokens: number;
            /** Input Tokens */
            input_tokens: number;
            /** Lost Cost Nano */
            lost_cost_nano: number;
            /** Mirror Cost Nano */
            mirror_cost_nano: number;
            /** Mirror Unpriced */
            mirror_unpriced: number;
            /** Mirrors */
            mirrors: number;
            /** Output Tokens */
            output_tokens: number;
            /** Reasoning Tokens */
            reasoning_tokens: number;
            /** Requests */
            requests: number;
            /** Saved Nano */
            saved_nano: number;
            /** Total Cost Nano */
            total_cost_nano: number;
            /** Total P50 Ms */
            total_p50_ms: number | null;
            /** Total P95 Ms */
            total_p95_ms: number | null;
            /** Total P99 Ms */
            total_p99_ms: number | null;
            /** Unpriced */
            unpriced: number;
        };
        /**
         * GeneratedKey
         * @description A virtual key that was made: the only time that `key` is shown.
         */
        GeneratedKey: {
            /** Key */
            key: string;
            /** Name */
            name: string;
        };
        /**
         * GuardrailIn
         * @description A new guardrail. Each kind needs its own fields, and refuses those of the others:
         *
         *     - `deny`: `keywords`, `patterns`, or both.
         *     - `pii`: `pii`.
         *     - `max_input`: `max_characters`, `max_tokens`, or both; stage `input` alone, and no `mask`.
         *     - `moderation`: `model`; no `mask`.
         *
         *     `everywhere` = for every request; otherwise for those of the routes that name it. `roles` = all: whoever writes a whole request chooses its roles,
         *     too. Fewer are for applications whose own words name what is forbidden; `max_tokens` is of the whole request, and takes no fewer.
         */
        GuardrailIn: {
            /**
             * Action
             * @default block
             * @enum {string}
             */
            action?: "block" | "annotate" | "mask";
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /**
             * Categories
             * @description `moderation`: those that count; empty = any that is flagged
             */
            categories?: string[];
            /**
             * Everywhere
             * @default false
             */
            everywhere?: boolean;
            /** Id */
            id: string;
            /**
             * Keywords
             * @description `deny`: whole words, any case; several words are found with any white space between them
             */
            keywords?: string[];
            /**
             * Kind
             * @enum {string}
             */
            kind: "deny" | "pii" | "max_input" | "moderation";
            /** Max Characters */
            max_characters?: number | null;
            /** Max Tokens */
            max_tokens?: number | null;
            /** Message */
            message?: string | null;
            /** Model */
            model?: string | null;
            /** Name */
            name?: string | null;
            /** Notes */
            notes?: string | null;
            /**
             * Patterns
             * @description `deny`: RE2 expressions; at most 512 characters each
             */
            patterns?: string[];
            /**
             * Pii
             * @description `pii`: what is looked for
             */
            pii?: ("email" | "phone" | "credit_card" | "iban" | "us_ssn" | "ip_address" | "secret")[];
            /**
             * Roles
             * @description Whose words of a request it looks at; what tools gave counts as the user's. Answers are looked at whole
             */
            roles?: ("system" | "user" | "assistant")[];
            /**
             * Stages
             * @description Where it looks: requests, answers, or both
             */
            stages?: ("input" | "output")[];
            /** Threshold */
            threshold?: number | null;
        };
        /**
         * GuardrailOut
         * @description A guardrail.
         */
        GuardrailOut: {
            /**
             * Action
             * @enum {string}
             */
            action: "block" | "annotate" | "mask";
            /** Active */
            active: boolean;
            /** Categories */
            categories: string[];
            /** Everywhere */
            everywhere: boolean;
            /** Id */
            id: string;
            /** Keywords */
            keywords: string[];
            /**
             * Kind
             * @enum {string}
             */
            kind: "deny" | "pii" | "max_input" | "moderation";
            /** Max Characters */
            max_characters: number | null;
            /** Max Tokens */
            max_tokens: number | null;
            /** Message */
            message: string | null;
            /** Model */
            model: string | null;
            /** Name */
            name: string | null;
            /** Notes */
            notes: string | null;
            /** Patterns */
            patterns: string[];
            /** Pii */
            pii: ("email" | "phone" | "credit_card" | "iban" | "us_ssn" | "ip_address" | "secret")[];
            /** Roles */
            roles: ("system" | "user" | "assistant")[];
            /** Stages */
            stages: ("input" | "output")[];
            /** Threshold */
            threshold: number | null;
            /** Updated At */
            updated_at: number;
            /** Version */
            version: number;
        };
        /**
         * GuardrailPatch
         * @description Changes to a guardrail; absent fields stay, null clears where the reply may be null. A new `kind` needs that kind's fields, and the old
         *     one's emptied.
         */
        GuardrailPatch: {
            /** Action */
            action?: ("block" | "annotate" | "mask") | null;
            /** Active */
            active?: boolean | null;
            /** Categories */
            categories?: string[] | null;
            /** Everywhere */
            everywhere?: boolean | null;
            /** Keywords */
            keywords?: string[] | null;
            /** Kind */
            kind?: ("deny" | "pii" | "max_input" | "moderation") | null;
            /** Max Characters */
            max_characters?: number | null;
            /** Max Tokens */
            max_tokens?: number | null;
            /** Message */
            message?: string | null;
            /** Model */
            model?: string | null;
            /** Name */
            name?: string | null;
            /** Notes */
            notes?: string | null;
            /** Patterns */
            patterns?: string[] | null;
            /** Pii */
            pii?: ("email" | "phone" | "credit_card" | "iban" | "us_ssn" | "ip_address" | "secret")[] | null;
            /** Roles */
            roles?: ("system" | "user" | "assistant")[] | null;
            /** Stages */
            stages?: ("input" | "output")[] | null;
            /** Threshold */
            threshold?: number | null;
        };
        /**
         * GuardrailVerdictOut
         * @description What a guardrail found in a request or an answer: how often, and of which sorts (kinds of PII, `keyword`, `pattern`, categories of a
         *     moderation; `unreachable`, with a count of 0: the model that judges did not answer). Never the text. `name` as it was then.
         */
        GuardrailVerdictOut: {
            /**
             * Action
             * @enum {string}
             */
            action: "block" | "annotate" | "mask";
            /** Count */
            count: number;
            /** Guardrail */
            guardrail: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "deny" | "pii" | "max_input" | "moderation";
            /** Name */
            name: string | null;
            /** Sorts */
            sorts: string[];
            /**
             * Stage
             * @enum {string}
             */
            stage: "input" | "output";
        };
        /**
         * HealthOut
         * @description All providers by id, as known at `taken_at`.
         */
        HealthOut: {
            /** Providers */
            providers: components["schemas"]["ProviderHealthOut"][];
            /** Taken At */
            taken_at: number;
        };
        /**
         * HealthShownOut
         * @description What is known of the target, as in `/api/admin/health`.
         */
        HealthShownOut: {
            /** Bad */
            bad: number;
            /** Ok */
            ok: number;
            /** Open Until Ms */
            open_until_ms: number;
            /** P50 Ms */
            p50_ms: number | null;
            /** P95 Ms */
            p95_ms: number | null;
            /** P99 Ms */
            p99_ms: number | null;
        };
        /**
         * HubBlock
         * @description Four hours; `name` is their beginning, `HH:00` in UTC.
         */
        HubBlock: {
            /** Name */
            name: string;
            /** Requests */
            requests: number;
            /** Tokens */
            tokens: number;
        };
        /**
         * HubDeleted
         * @description The key is gone; log rows keep its id.
         */
        HubDeleted: {
            /**
             * Message
             * @default Key deleted
             * @constant
             */
            message: "Key deleted";
            /**
             * Status
             * @default success
             * @constant
             */
            status: "success";
        };
        /**
         * HubDiscoverIn
         * @description A key to be tried. It is stored nowhere.
         */
        HubDiscoverIn: {
            /** Daily Quota */
            daily_quota?: number | null;
            /** Key Value */
            key_value: string;
            /** Name */
            name?: string | null;
            /**
             * Provider
             * @description A vendor (`openai`, `anthropic`, `gemini`, …) or the id of a provider that is configured
             */
            provider: string;
        };
        /**
         * HubDiscovered
         * @description What the provider lists for the key. Vendors do not tell a key's quota, so `quota` is null; `suggested_daily_quota` is a rule of thumb. `more`:
         *     the list goes on.
         */
        HubDiscovered: {
            /** Models */
            models: string[];
            /** More */
            more: boolean;
            /** Provider */
            provider: string;
            /** Quota */
            quota: null;
            /** Suggested Daily Quota */
            suggested_daily_quota: number;
        };
        /**
         * HubErrorDetail
         * @description What went wrong. `type` is a class of errors, `code` a stable word, `param` the path of the offending field.
         */
        HubErrorDetail: {
            /** Code */
            code: string;
            /** Message */
            message: string;
            /** Param */
            param?: string | null;
            /** Request Id */
            request_id: string;
            /** Type */
            type: string;
        };
        /**
         * HubErrorReply
         * @description Every error under `/v1/auth` and `/v1/admin` has this shape; `detail` is the message again.
         */
        HubErrorReply: {
            /** Detail */
            detail: string;
            error: components["schemas"]["HubErrorDetail"];
        };
        /**
         * HubKey
         * @description An upstream key, without the key: `key_prefix` looks like `sk-****1234`. `used_today`: tokens of the 24 hours that began with the first use;
         *     `near_limit` is from 80 % of the quota on, `dead` a key that the provider refuses.
         */
        HubKey: {
            /** Cooldown Until */
            cooldown_until: number | null;
            /** Daily Quota */
            daily_quota: number;
            /** Id */
            id: string;
            /** Is Active */
            is_active: boolean;
            /** Key Prefix */
            key_prefix: string;
            /** Name */
            name: string;
            /** Provider */
            provider: string;
            /** Resets At */
            resets_at: number | null;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "near_limit" | "exhausted" | "cooldown" | "dead" | "disabled";
            /** Used Today */
            used_today: number;
        };
        /**
         * HubKeyIn
         * @description A new upstream key. A vendor that has no provider yet gets one, under the vendor's name.
         */
        HubKeyIn: {
            /**
             * Daily Quota
             * @default 0
             */
            daily_quota?: number | null;
            /**
             * Is Active
             * @default true
             */
            is_active?: boolean;
            /** Key Value */
            key_value: string;
            /** Name */
            name?: string | null;
            /**
             * Provider
             * @description A vendor (`openai`, `anthropic`, `gemini`, …) or the id of a provider that is configured
             */
            provider: string;
        };
        /**
         * HubKeyPatch
         * @description Changes to an upstream key; absent fields stay. The key itself is replaced by a new one.
         */
        HubKeyPatch: {
            /** Daily Quota */
            daily_quota?: number | null;
            /** Is Active */
            is_active?: boolean | null;
            /** Name */
            name?: string | null;
        };
        /**
         * HubLog
         * @description One request. `model` is what the client asked for; `api_key_id` the upstream key's (null: none was used, or you may not see it). `error` null =
         *     it went well; `retries`: calls of a provider after the first.
         */
        HubLog: {
            /** Api Key Id */
            api_key_id: string | null;
            /** Completion Tokens */
            completion_tokens: number;
            /** Error */
            error: string | null;
            /** Id */
            id: string;
            /** Latency Ms */
            latency_ms: number;
            /** Model */
            model: string | null;
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Provider */
            provider: string | null;
            /** Retries */
            retries: number;
            /** Status */
            status: number;
            /** Timestamp */
            timestamp: number;
            /** Total Tokens */
            total_tokens: number;
        };
        /**
         * HubRegisterIn
         * @description A new user, by themselves, as `POST /api/auth/register` takes it; nobody becomes an administrator by being first. `email` is kept as a note.
         */
        HubRegisterIn: {
            /** Email */
            email?: string | null;
            /** Invitation */
            invitation?: string | null;
            /**
             * Password
             * @description At least 10 characters
             */
            password: string;
            /** Username */
            username: string;
        };
        /**
         * HubShare
         * @description A model's part of the last 24 hours' requests, in percent.
         */
        HubShare: {
            /** Name */
            name: string;
            /** Value */
            value: number;
        };
        /**
         * HubStats
         * @description `total_…`: of the last 400 days. The rest is of the last 24 hours, to the full hour: `avg_latency` in milliseconds, at most 5 % off, null
         *     without requests; `model_share` by the model that answered, empty where there are too many figures to add up; `usage_data`: six blocks of
         *     four hours, the oldest first. Users see figures of their own.
         */
        HubStats: {
            /** Avg Latency */
            avg_latency: number | null;
            /** Model Share */
            model_share: components["schemas"]["HubShare"][];
            /** Total Requests */
            total_requests: number;
            /** Total Tokens */
            total_tokens: number;
            /** Usage Data */
            usage_data: components["schemas"]["HubBlock"][];
        };
        /**
         * HubToken
         * @description A bearer token, good for `expires_in` seconds; afterwards one signs in again.
         */
        HubToken: {
            /** Access Token */
            access_token: string;
            /** Expires In */
            expires_in: number;
            /**
             * Token Type
             * @default bearer
             * @constant
             */
            token_type: "bearer";
        };
        /**
         * HubUser
         * @description A user. `last_login` null: never, or by an identity provider.
         */
        HubUser: {
            /** Created At */
            created_at: number;
            /** Email */
            email: string | null;
            /** Id */
            id: string;
            /** Is Active */
            is_active: boolean;
            /** Last Login */
            last_login: number | null;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "operator" | "user";
            /** Username */
            username: string;
        };
        /**
         * ImportIn
         * @description The models to create. Facts and prices come from the catalog where it knows them.
         */
        ImportIn: {
            /** Models */
            models: components["schemas"]["ImportedModel"][];
        };
        /**
         * ImportOut
         * @description `created` are ids here; `skipped` are the provider's names.
         */
        ImportOut: {
            /** Created */
            created: string[];
            /** Skipped */
            skipped: components["schemas"]["SkippedModel"][];
        };
        /**
         * ImportedModel
         * @description A model to create: `id` is the provider's name of it, `as` what clients shall call it (default: the same).
         */
        ImportedModel: {
            /** As */
            as?: string | null;
            /** Id */
            id: string;
        };
        /**
         * InvitationCreated
         * @description A new invitation. `token` is shown only now; in a link it belongs behind the `#`, which no server sees.
         */
        InvitationCreated: {
            /** Created At */
            created_at: number;
            /** Created By */
            created_by: string;
            /** Expires At */
            expires_at: number;
            /** Id */
            id: string;
            /** Note */
            note: string | null;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "operator" | "user";
            /**
             * State
             * @enum {string}
             */
            state: "open" | "used" | "expired";
            /** Token */
            token: string;
            /** Used At */
            used_at: number | null;
            /** Used By */
            used_by: string | null;
        };
        /**
         * InvitationIn
         * @description An invitation: whoever has its token registers once, with this role.
         */
        InvitationIn: {
            /**
             * Expires In Hours
             * @default 72
             */
            expires_in_hours?: number;
            /** Note */
            note?: string | null;
            /**
             * Role
             * @default user
             * @enum {string}
             */
            role?: "admin" | "operator" | "user";
        };
        /**
         * InvitationOut
         * @description An invitation. `used_by` is the id of the user it became.
         */
        InvitationOut: {
            /** Created At */
            created_at: number;
            /** Created By */
            created_by: string;
            /** Expires At */
            expires_at: number;
            /** Id */
            id: string;
            /** Note */
            note: string | null;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "operator" | "user";
            /**
             * State
             * @enum {string}
             */
            state: "open" | "used" | "expired";
            /** Used At */
            used_at: number | null;
            /** Used By */
            used_by: string | null;
        };
        /**
         * JudgedOut
         * @description A target of the route. `reason` null: it is a candidate. `verdict` null: it has no rules; `fault`: they cannot be read.
         */
        JudgedOut: {
            /** Fault */
            fault: string | null;
            /** Model */
            model: string;
            /** Priority */
            priority: number;
            /** Provider */
            provider: string;
            /** Reason */
            reason: ("rules" | "paused" | "inactive" | "not_allowed" | "excluded" | "capability" | "breaker_open" | "cooling" | "quota" | "dead" | "no_key") | null;
            /** Until Ms */
            until_ms: number;
            verdict: components["schemas"]["VerdictOut"] | null;
            /** Weight */
            weight: number;
        };
        /**
         * KeyCreated
         * @description The only reply that ever holds `secret`.
         */
        KeyCreated: {
            /** Active */
            active: boolean;
            /** Allowed Models */
            allowed_models: string[];
            /** Allowed Providers */
            allowed_providers: string[];
            /** Created At */
            created_at: number | null;
            /** Durable */
            durable: boolean;
            /** Hint */
            hint: string;
            /** Id */
            id: string;
            /** Ip Allow */
            ip_allow: string[];
            limits: components["schemas"]["LimitsIO"] | null;
            /** Log Ttl Days */
            log_ttl_days: number | null;
            /** Name */
            name: string;
            /** Record Bodies */
            record_bodies: boolean;
            /** Secret */
            secret: string;
            /** Team Id */
            team_id: string | null;
            /** Updated At */
            updated_at: number;
            /** User Id */
            user_id: string | null;
            /** Valid Until */
            valid_until: number | null;
            /** Version */
            version: number;
        };
        /**
         * KeyHealthOut
         * @description One credential. `until`: when the state ends by itself. `used_tokens` were consumed in the quota window that ends at `window_ends`.
         *     A key that is in no store (`env:NAME`) belongs to the proxy's environment.
         */
        KeyHealthOut: {
            /** Daily Quota */
            daily_quota: number;
            /** Hint */
            hint: string;
            /** Id */
            id: string;
            /** Reason */
            reason: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "ok" | "cooling" | "dead" | "quota_used" | "inactive";
            /** Until */
            until: number | null;
            /** Used Tokens */
            used_tokens: number;
            /** Window Ends */
            window_ends: number | null;
        };
        /**
         * KeyIn
         * @description A new virtual key. Empty lists allow everything; `ip_allow` holds addresses or CIDR networks; `log_ttl_days` null = the default.
         *
         *     `user_id` and `team_id` may name what has no account (yet): the key then has no limits but its own.
         */
        KeyIn: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /** Allowed Models */
            allowed_models?: string[];
            /** Allowed Providers */
            allowed_providers?: string[];
            /**
             * Durable
             * @default false
             */
            durable?: boolean;
            /** Ip Allow */
            ip_allow?: string[];
            limits?: components["schemas"]["LimitsIO"] | null;
            /** Log Ttl Days */
            log_ttl_days?: number | null;
            /** Name */
            name: string;
            /**
             * Record Bodies
             * @default false
             */
            record_bodies?: boolean;
            /** Team Id */
            team_id?: string | null;
            /** User Id */
            user_id?: string | null;
            /** Valid Until */
            valid_until?: number | null;
        };
        /**
         * KeyOut
         * @description A virtual key without its secret; `hint` looks like `sk-gw-****1234`.
         */
        KeyOut: {
            /** Active */
            active: boolean;
            /** Allowed Models */
            allowed_models: string[];
            /** Allowed Providers */
            allowed_providers: string[];
            /** Created At */
            created_at: number | null;
            /** Durable */
            durable: boolean;
            /** Hint */
            hint: string;
            /** Id */
            id: string;
            /** Ip Allow */
            ip_allow: string[];
            limits: components["schemas"]["LimitsIO"] | null;
            /** Log Ttl Days */
            log_ttl_days: number | null;
            /** Name */
            name: string;
            /** Record Bodies */
            record_bodies: boolean;
            /** Team Id */
            team_id: string | null;
            /** Updated At */
            updated_at: number;
            /** User Id */
            user_id: string | null;
            /** Valid Until */
            valid_until: number | null;
            /** Version */
            version: number;
        };
        /**
         * KeyPatch
         * @description Changes to a virtual key; the secret itself never changes. `limits` replaces all of them, null takes them away.
         */
        KeyPatch: {
            /** Active */
            active?: boolean | null;
            /** Allowed Models */
            allowed_models?: string[] | null;
            /** Allowed Providers */
            allowed_providers?: string[] | null;
            /** Durable */
            durable?: boolean | null;
            /** Ip Allow */
            ip_allow?: string[] | null;
            limits?: components["schemas"]["LimitsIO"] | null;
            /** Log Ttl Days */
            log_ttl_days?: number | null;
            /** Name */
            name?: string | null;
            /** Record Bodies */
            record_bodies?: boolean | null;
            /** Team Id */
            team_id?: string | null;
            /** User Id */
            user_id?: string | null;
            /** Valid Until */
            valid_until?: number | null;
        };
        /**
         * KeyScopesOut
         * @description A key; a request with it needs room in its user's and team's limits, too.
         */
        KeyScopesOut: {
            /** Id */
            id: string;
            /** Known */
            known: boolean;
            /** Limits */
            limits: components["schemas"]["StandingOut"][];
            /** Name */
            name: string | null;
            /** Running */
            running: number | null;
            /**
             * Scope
             * @enum {string}
             */
            scope: "key" | "user" | "team";
            team: components["schemas"]["ScopeOut"] | null;
            user: components["schemas"]["ScopeOut"] | null;
        };
        /**
         * KeyShownOut
         * @description A credential that would be used, without the credential.
         */
        KeyShownOut: {
            /** Hint */
            hint: string;
            /** Id */
            id: string;
        };
        /**
         * KeyTraffic
         * @description One virtual key; `name` is the one it had last, its id where no name is known.
         */
        KeyTraffic: {
            /** Cost Nano */
            cost_nano: number;
            /** Errors */
            errors: number;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Requests */
            requests: number;
        };
        /**
         * LimitsIO
         * @description What a key, a user or a team may use; null or absent = unlimited. Tokens are input and output; rates hold over any minute, with a
         *     minute's worth at once; `concurrent` is requests at the same time.
         */
        LimitsIO: {
            /** Budgets */
            budgets?: components["schemas"]["BudgetIO"][];
            /** Concurrent */
            concurrent?: number | null;
            /** Requests Per Minute */
            requests_per_minute?: number | null;
            /** Tokens Per Minute */
            tokens_per_minute?: number | null;
        };
        /**
         * Lines
         * @description A group's figures by interval, in step with `series`. `tokens` is input and output; `cost_nano` is the total cost.
         */
        Lines: {
            /** Cost Nano */
            cost_nano: number[];
            /** Errors */
            errors: number[];
            /** Requests */
            requests: number[];
            /** Tokens */
            tokens: number[];
        };
        /**
         * LogDetail
         * @description One request in full. `price_source`: by whose price the cost is reckoned (`model`, `provider`, `catalog`; `reserved`: what was held).
         *     Bodies are there only where the key records them; `body_stored`: they were too large for the row and come from the bucket, cut at a
         *     million characters each; null when the bucket cannot be read.
         */
        LogDetail: {
            /** Agent */
            agent: string | null;
            /** Attempts */
            attempts: components["schemas"]["AttemptOut"][];
            /** Body Stored */
            body_stored: boolean;
            /** Cache */
            cache: string;
            /** Candidates */
            candidates: number;
            /** Client */
            client: string | null;
            /** Correlation Id */
            correlation_id: string | null;
            /** Cost Nano */
            cost_nano: number | null;
            /** Cost State */
            cost_state: string;
            /** Dialect */
            dialect: string;
            /** Error */
            error: string | null;
            /** Error Message */
            error_message: string | null;
            /** Expires At */
            expires_at: number;
            /** First Byte Ms */
            first_byte_ms: number | null;
            /** Guardrails */
            guardrails: components["schemas"]["GuardrailVerdictOut"][];
            /** Id */
            id: string;
            /** Ip */
            ip: string | null;
            /** Key Id */
            key_id: string | null;
            /** Key Name */
            key_name: string | null;
            /** Losses */
            losses: string[];
            /** Method */
            method: string;
            /** Mirror Of */
            mirror_of: string | null;
            /** Model */
            model: string | null;
            /** Path */
            path: string;
            /** Price Source */
            price_source: string | null;
            /** Provider */
            provider: string | null;
            /** Release */
            release: string | null;
            /** Request Body */
            request_body: string | null;
            /** Request Headers */
            request_headers: {
                [key: string]: string;
            };
            /** Requested Model */
            requested_model: string | null;
            /** Response Body */
            response_body: string | null;
            /** Retries */
            retries: number;
            /** Route */
            route: string | null;
            /** Saved Usd */
            saved_usd: string;
            /** Session */
            session: string | null;
            /** State */
            state: string;
            /** Status */
            status: number;
            /** Stream */
            stream: boolean;
            /** Team Id */
            team_id: string | null;
            /** Time Ms */
            time_ms: number;
            tokens: components["schemas"]["TokensOut"];
            /** Total Ms */
            total_ms: number;
            /** Upstream Key Id */
            upstream_key_id: string | null;
            /** Upstream Model */
            upstream_model: string | null;
            /** Upstream Request Id */
            upstream_request_id: string | null;
            /** User Id */
            user_id: string | null;
            /** User Name */
            user_name: string | null;
        };
        /**
         * LogItem
         * @description One request, as a row of the list. `user_name`: of a user of this deployment; null for an end user, and beyond a hundred users in one answer.
         *     `mirror_of` is the id of the request it is a copy of: nobody saw its answer. `cache`: `off` = none of
         *     the route's answers are kept, `bypass` = this request could not or would not use them, `miss`, `hit`, `semantic` = the answer to another question
         *     that means the same, `replay` = an idempotency key's. `saved_usd` is what an answer that was given again had cost to make, exact.
         */
        LogItem: {
            /** Cache */
            cache: string;
            /** Cost Nano */
            cost_nano: number | null;
            /** Cost State */
            cost_state: string;
            /** Dialect */
            dialect: string;
            /** Error */
            error: string | null;
            /** First Byte Ms */
            first_byte_ms: number | null;
            /** Guardrails */
            guardrails: components["schemas"]["GuardrailVerdictOut"][];
            /** Id */
            id: string;
            /** Key Id */
            key_id: string | null;
            /** Key Name */
            key_name: string | null;
            /** Method */
            method: string;
            /** Mirror Of */
            mirror_of: string | null;
            /** Model */
            model: string | null;
            /** Path */
            path: string;
            /** Provider */
            provider: string | null;
            /** Requested Model */
            requested_model: string | null;
            /** Retries */
            retries: number;
            /** Route */
            route: string | null;
            /** Saved Usd */
            saved_usd: string;
            /** Session */
            session: string | null;
            /** State */
            state: string;
            /** Status */
            status: number;
            /** Stream */
            stream: boolean;
            /** Team Id */
            team_id: string | null;
            /** Time Ms */
            time_ms: number;
            tokens: components["schemas"]["TokensOut"];
            /** Total Ms */
            total_ms: number;
            /** User Id */
            user_id: string | null;
            /** User Name */
            user_name: string | null;
        };
        /**
         * LogPart
         * @description A part of an export as JSON; `next_cursor` null = there is nothing older.
         */
        LogPart: {
            /** Items */
            items: components["schemas"]["LogItem"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * LoginIn
         * @description Credentials.
         */
        LoginIn: {
            /** Password */
            password: string;
            /** Username */
            username: string;
        };
        /**
         * MatchOut
         * @description Where something was found, in characters (code points), and what: `keyword`, `pattern`, a kind of PII; `characters` or `tokens` for a limit,
         *     which holds for the whole text.
         */
        MatchOut: {
            /** End */
            end: number;
            /** Sort */
            sort: string;
            /** Start */
            start: number;
        };
        /**
         * MessageCopy
         * @description A message of an exported dialog. `error`, `model`, `tool_calls` and `tool_call_id` are there where the message has them.
         */
        MessageCopy: {
            /** Completion Tokens */
            completion_tokens: number | null;
            /** Content */
            content: string;
            /** Created At */
            created_at: string;
            /** Error */
            error: {
                [key: string]: string;
            } | null;
            /** Model */
            model: string | null;
            /** Prompt Tokens */
            prompt_tokens: number | null;
            /**
             * Role
             * @enum {string}
             */
            role: "system" | "user" | "assistant" | "tool";
            /** Tool Call Id */
            tool_call_id: string | null;
            /** Tool Calls */
            tool_calls: {
                [key: string]: unknown;
            }[] | null;
        };
        /**
         * MissingSecret
         * @description A secret that the document leaves to what is stored, where nothing is stored. While one is missing, applying is refused.
         */
        MissingSecret: {
            /** Message */
            message: string;
            /** Path */
            path: string;
            /** Provider */
            provider: string;
        };
        /**
         * ModelIn
         * @description A new model. `id` is what clients send, `upstream_model` what the provider calls it (default: the id).
         */
        ModelIn: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /** Context Window */
            context_window?: number | null;
            /** Display Name */
            display_name?: string | null;
            /** Id */
            id: string;
            /**
             * Kind
             * @default chat
             * @enum {string}
             */
            kind?: "chat" | "embedding" | "image" | "speech" | "transcription" | "moderation" | "rerank";
            /** Max Output Tokens */
            max_output_tokens?: number | null;
            price?: components["schemas"]["PriceIO"] | null;
            /** Provider */
            provider: string;
            /** Upstream Model */
            upstream_model?: string | null;
        };
        /**
         * ModelOut
         * @description A model; `price` is its own, or the catalog's as it was filled in. `effective_price` is what requests cost now, null = unpriced.
         *
         *     `price_source` says whose that is: `model` (somebody gave it), `provider` (its `prices`), or `catalog` (times the provider's factor).
         */
        ModelOut: {
            /** Active */
            active: boolean;
            /** Context Window */
            context_window: number | null;
            /** Display Name */
            display_name: string | null;
            effective_price: components["schemas"]["PriceIO"] | null;
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "chat" | "embedding" | "image" | "speech" | "transcription" | "moderation" | "rerank";
            /** Max Output Tokens */
            max_output_tokens: number | null;
            price: components["schemas"]["PriceIO"] | null;
            /** Price Source */
            price_source: ("model" | "provider" | "catalog") | null;
            /** Provider */
            provider: string;
            /** Updated At */
            updated_at: number;
            /** Upstream Model */
            upstream_model: string;
            /** Version */
            version: number;
        };
        /**
         * ModelPatch
         * @description Changes to a model; absent fields stay, null clears where the reply may be null.
         */
        ModelPatch: {
            /** Active */
            active?: boolean | null;
            /** Context Window */
            context_window?: number | null;
            /** Display Name */
            display_name?: string | null;
            /** Kind */
            kind?: ("chat" | "embedding" | "image" | "speech" | "transcription" | "moderation" | "rerank") | null;
            /** Max Output Tokens */
            max_output_tokens?: number | null;
            price?: components["schemas"]["PriceIO"] | null;
            /** Provider */
            provider?: string | null;
            /** Upstream Model */
            upstream_model?: string | null;
        };
        /**
         * ModelTraffic
         * @description One model as configured in this gateway.
         */
        ModelTraffic: {
            /** Cost Nano */
            cost_nano: number;
            /** Errors */
            errors: number;
            /** Input Tokens */
            input_tokens: number;
            /** Name */
            name: string;
            /** Output Tokens */
            output_tokens: number;
            /** Requests */
            requests: number;
        };
        /**
         * ModelUse
         * @description How many requests a model answered.
         */
        ModelUse: {
            /** Model */
            model: string;
            /** Usage */
            usage: number;
        };
        /**
         * Overview
         * @description `from` and `to` are the asked range widened to whole buckets, which all figures cover; `previous` is the equally long time before.
         *
         *     Lists hold the 100 entries with the most requests. `truncated`: there was too much to read, the lists' sums may be too low.
         */
        Overview: {
            /**
             * Bucket
             * @enum {string}
             */
            bucket: "hour" | "day";
            /** From */
            from: number;
            /** Keys */
            keys: components["schemas"]["KeyTraffic"][];
            /** Models */
            models: components["schemas"]["ModelTraffic"][];
            previous: components["schemas"]["Totals"];
            /** Providers */
            providers: components["schemas"]["ProviderTraffic"][];
            /** Series */
            series: components["schemas"]["SeriesPoint"][];
            /** To */
            to: number;
            totals: components["schemas"]["Totals"];
            /** Truncated */
            truncated: boolean;
        };
        /**
         * OwnTokensOut
         * @description The caller's token balance. `pays`: messages are paid from it; where they are not, the other figures bind nobody. `held` is reserved by
         *     answers that are being written; `limit` is the most that may ever be used, null = no limit.
         */
        OwnTokensOut: {
            /** Balance */
            balance: number;
            /** Held */
            held: number;
            /** Limit */
            limit: number | null;
            /** Pays */
            pays: boolean;
            /** Total Used */
            total_used: number;
        };
        /**
         * OwnedDialogOut
         * @description A dialog as an administrator sees it: no texts but its title.
         */
        OwnedDialogOut: {
            /** Agent */
            agent: string | null;
            /** Created At */
            created_at: string;
            /** Id */
            id: string;
            /** Message Count */
            message_count: number;
            /** Model Name */
            model_name: string | null;
            /** Title */
            title: string | null;
            /** Updated At */
            updated_at: string;
            /** User Id */
            user_id: string;
        };
        /**
         * OwnedDialogPage
         * @description An owner's dialogs, newest first.
         */
        OwnedDialogPage: {
            /** Items */
            items: components["schemas"]["OwnedDialogOut"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * OwnerOut
         * @description An owner of dialogs or of a balance. `name` is what a person would know them by, where there is a name. `total_tokens_used`: what their
         *     balance paid; where it paid nothing, the tokens of their messages.
         */
        OwnerOut: {
            /** Balance */
            balance: number;
            /** Dialog Count */
            dialog_count: number;
            /** Last Activity */
            last_activity: string | null;
            /** Limit */
            limit: number | null;
            /** Name */
            name: string | null;
            /** Total Tokens Used */
            total_tokens_used: number;
            /** User Id */
            user_id: string;
        };
        /** Page[AgentOut] */
        Page_AgentOut_: {
            /** Items */
            items: components["schemas"]["AgentOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[AuditOut] */
        Page_AuditOut_: {
            /** Items */
            items: components["schemas"]["AuditOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[CatalogOut] */
        Page_CatalogOut_: {
            /** Items */
            items: components["schemas"]["CatalogOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[EndUserOut] */
        Page_EndUserOut_: {
            /** Items */
            items: components["schemas"]["EndUserOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[EntryOut] */
        Page_EntryOut_: {
            /** Items */
            items: components["schemas"]["EntryOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[GuardrailOut] */
        Page_GuardrailOut_: {
            /** Items */
            items: components["schemas"]["GuardrailOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[InvitationOut] */
        Page_InvitationOut_: {
            /** Items */
            items: components["schemas"]["InvitationOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[KeyOut] */
        Page_KeyOut_: {
            /** Items */
            items: components["schemas"]["KeyOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[LogItem] */
        Page_LogItem_: {
            /** Items */
            items: components["schemas"]["LogItem"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[ModelOut] */
        Page_ModelOut_: {
            /** Items */
            items: components["schemas"]["ModelOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[ProviderKindOut] */
        Page_ProviderKindOut_: {
            /** Items */
            items: components["schemas"]["ProviderKindOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[ProviderOut] */
        Page_ProviderOut_: {
            /** Items */
            items: components["schemas"]["ProviderOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[PublicationOut] */
        Page_PublicationOut_: {
            /** Items */
            items: components["schemas"]["PublicationOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[RouteOut] */
        Page_RouteOut_: {
            /** Items */
            items: components["schemas"]["RouteOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[TeamOut] */
        Page_TeamOut_: {
            /** Items */
            items: components["schemas"]["TeamOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[UpstreamKeyOut] */
        Page_UpstreamKeyOut_: {
            /** Items */
            items: components["schemas"]["UpstreamKeyOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /** Page[UserRow] */
        Page_UserRow_: {
            /** Items */
            items: components["schemas"]["UserRow"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Total */
            total: number | null;
        };
        /**
         * PasswordIn
         * @description One's own new password.
         */
        PasswordIn: {
            /** Current */
            current: string;
            /**
             * New
             * @description At least 10 characters
             */
            new: string;
        };
        /**
         * PicturePriceIO
         * @description USD for one picture that is made in this quality and size, in the words of requests (`hd`, `1792x1024`); empty = any.
         */
        PicturePriceIO: {
            /**
             * Price
             * @description US dollars as a decimal string, exact
             * @example 0.15
             */
            price: string;
            /**
             * Quality
             * @default
             */
            quality?: string;
            /**
             * Size
             * @default
             */
            size?: string;
        };
        /**
         * PlanIn
         * @description A request that is not made. `model` is what the client would send (default: the draft's id), `body` in `dialect`; `stream` null = as
         *     the body says; `key_id` null = a
         *     virtual key without limits. `seed` is the request's chance, `turn` whose turn it is: the same values give the same plan. `at` null = now.
         *     `draft_route` is planned with as if it were saved.
         */
        PlanIn: {
            /** At */
            at?: number | null;
            /** Body */
            body?: {
                [key: string]: unknown;
            };
            /**
             * Dialect
             * @default openai_chat
             * @enum {string}
             */
            dialect?: "openai_chat" | "openai_responses" | "openai_embeddings" | "anthropic_messages" | "gemini";
            draft_route?: components["schemas"]["RouteIn"] | null;
            /** Headers */
            headers?: {
                [key: string]: string;
            };
            /** Key Id */
            key_id?: string | null;
            /** Model */
            model?: string | null;
            /** Seed */
            seed?: number | null;
            /** Stream */
            stream?: boolean | null;
            /**
             * Turn
             * @default 0
             */
            turn?: number;
        };
        /**
         * PlanOut
         * @description Who would serve the request. With `refusal` nobody: `candidates` is empty then, and `skipped` says why.
         *
         *     `strategy` and `route` are null where the client names a model. `held_by`: what `sticky` holds on to. `cache`: which
         *     answers are kept and given again, null = none; whether one is kept for this request is not looked up. Whether a provider offers the
         *     operation at all is judged at the call.
         */
        PlanOut: {
            /** At */
            at: number;
            cache: components["schemas"]["CacheRuleIO"] | null;
            canary: components["schemas"]["ShareShownOut"] | null;
            /** Candidates */
            candidates: components["schemas"]["StepOut"][];
            /** Held By */
            held_by: string | null;
            /** Input Tokens */
            input_tokens: number | null;
            mirror: components["schemas"]["ShareShownOut"] | null;
            mirrored_to: components["schemas"]["StepOut"] | null;
            refusal: components["schemas"]["RefusalOut"] | null;
            /** Release */
            release: string | null;
            /** Requested */
            requested: string;
            /** Route */
            route: string | null;
            /** Seed */
            seed: number;
            /** Skipped */
            skipped: components["schemas"]["SkippedOut"][];
            /** Strategy */
            strategy: ("priority" | "round_robin" | "weighted" | "weighted_random" | "cost" | "latency" | "usage" | "sticky") | null;
            /** Strategy From */
            strategy_from: ("hint" | "route") | null;
            /** Targets */
            targets: components["schemas"]["JudgedOut"][];
        };
        /**
         * PlannedChange
         * @description A change that applying would make. `path` is where the document says so (null: it says nothing of it, and `prune` removes it). A virtual
         *     key's `id` is its name.
         */
        PlannedChange: {
            /** After */
            after: {
                [key: string]: unknown;
            } | null;
            /** Before */
            before: {
                [key: string]: unknown;
            } | null;
            /** Id */
            id: string;
            /** Noun */
            noun: string;
            /** Path */
            path: string | null;
        };
        /**
         * PlaygroundKey
         * @description A virtual key for trying models: `key` is shown only now, and is good until `expires_at`.
         */
        PlaygroundKey: {
            /** Expires At */
            expires_at: number;
            /** Key */
            key: string;
            /** Key Id */
            key_id: string;
        };
        /**
         * PriceIO
         * @description USD per million tokens; a null cache price means the input price, a null `reasoning` the output price.
         *
         *     `audio_…` and `image_…` are per million tokens of sound or pictures (null: as text), `per_character` per million characters;
         *     `per_image_…` per picture, `per_second_…` per second of sound, `request` per request (of reranking, per search). `pictures` says the price
         *     of a picture by quality and size: of those that fit, the one that names most of both holds, else `per_image_output`. `priority` and `flex`
         *     hold for requests that the upstream says it served at that service tier (null: as the others).
         */
        PriceIO: {
            /** Audio Input */
            audio_input?: string | null;
            /** Audio Output */
            audio_output?: string | null;
            /** Cache Read */
            cache_read?: string | null;
            /** Cache Write 1H */
            cache_write_1h?: string | null;
            /** Cache Write 5M */
            cache_write_5m?: string | null;
            flex?: components["schemas"]["ServicePriceIO"] | null;
            /** Image Input */
            image_input?: string | null;
            /** Image Output */
            image_output?: string | null;
            /**
             * Input
             * @description US dollars as a decimal string, exact
             * @example 0.15
             */
            input: string;
            /**
             * Output
             * @description US dollars as a decimal string, exact
             * @example 0.15
             */
            output: string;
            /** Per Character */
            per_character?: string | null;
            /** Per Image Input */
            per_image_input?: string | null;
            /** Per Image Output */
            per_image_output?: string | null;
            /** Per Second Input */
            per_second_input?: string | null;
            /** Per Second Output */
            per_second_output?: string | null;
            /** Pictures */
            pictures?: components["schemas"]["PicturePriceIO"][] | null;
            priority?: components["schemas"]["ServicePriceIO"] | null;
            /** Reasoning */
            reasoning?: string | null;
            /**
             * Request
             * @description US dollars as a decimal string, exact
             * @default 0
             * @example 0.15
             */
            request?: string;
            /** Tiers */
            tiers?: components["schemas"]["PriceTierIO"][];
        };
        /**
         * PriceOverrideIO
         * @description What a provider charges for its models of that (upstream) name; `*` at the end of `model` stands for anything.
         */
        PriceOverrideIO: {
            /** Model */
            model: string;
            price: components["schemas"]["PriceIO"];
        };
        /**
         * PriceTierIO
         * @description Other token prices, USD per million, for a whole request whose input is more than `above` tokens.
         */
        PriceTierIO: {
            /** Above */
            above: number;
            /** Cache Read */
            cache_read?: string | null;
            /** Cache Write 1H */
            cache_write_1h?: string | null;
            /** Cache Write 5M */
            cache_write_5m?: string | null;
            /**
             * Input
             * @description US dollars as a decimal string, exact
             * @example 0.15
             */
            input: string;
            /**
             * Output
             * @description US dollars as a decimal string, exact
             * @example 0.15
             */
            output: string;
            /** Reasoning */
            reasoning?: string | null;
        };
        /**
         * ProbeOut
         * @description What came of asking. `ok` false: `error` says why in words, `status` is the provider's HTTP status if it answered at all; `ms` is how long it
         *     took. `more`: it lists further models that are not shown.
         */
        ProbeOut: {
            /** Error */
            error: string | null;
            /** Models */
            models: components["schemas"]["ProbedModel"][];
            /** More */
            more: boolean;
            /** Ms */
            ms: number;
            /** Ok */
            ok: boolean;
            /** Status */
            status: number | null;
        };
        /**
         * ProbedModel
         * @description A model that the provider lists. `known`: the catalog knows it; `configured`: the models here that it serves already.
         *
         *     Windows are the provider's word, else the catalog's; prices are the catalog's list price, USD per million tokens. Null = nobody says.
         */
        ProbedModel: {
            /** Configured */
            configured: string[];
            /** Context Window */
            context_window: number | null;
            /** Id */
            id: string;
            /** Input Price */
            input_price: string | null;
            /** Known */
            known: boolean;
            /** Max Output Tokens */
            max_output_tokens: number | null;
            /** Output Price */
            output_price: string | null;
            /** Title */
            title: string | null;
        };
        /**
         * ProviderHealthOut
         * @description One provider. `down`: nothing of it can be called now, for `reason` (`breaker_open`, or what its keys are); `degraded`: part of it, or
         *     one call in ten failed, or it has no key in the store (`no_key`).
         */
        ProviderHealthOut: {
            /** Id */
            id: string;
            /** Keys */
            keys: components["schemas"]["KeyHealthOut"][];
            /** Kind */
            kind: string;
            /** Name */
            name: string;
            /** Paused Until */
            paused_until: number | null;
            /** Reason */
            reason: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "ok" | "degraded" | "down" | "paused" | "inactive";
            /** Targets */
            targets: components["schemas"]["TargetHealthOut"][];
        };
        /**
         * ProviderIn
         * @description A new provider. `kind` names a row of `/api/admin/provider-kinds`; `base_url` overrides that row's default.
         *
         *     `default_parameters` are members of a request body in the provider's dialect, sent unless the client said its own; not the model, the
         *     conversation, tools or `stream`, nor a credential; 8 KB. `denied_betas`: flags of `anthropic-beta` to leave out, `*` at an end = any.
         *     `prices`: what this provider charges for models without a price of their own, the first that matches; `price_factor_ppm` is applied to the
         *     catalog's prices only.
         */
        ProviderIn: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /**
             * Allow Private
             * @default false
             */
            allow_private?: boolean;
            /** Base Url */
            base_url?: string | null;
            /** Default Parameters */
            default_parameters?: {
                [key: string]: unknown;
            };
            /** Denied Betas */
            denied_betas?: string[];
            /** Extra Headers */
            extra_headers?: {
                [key: string]: string;
            };
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Name */
            name?: string | null;
            /** Paused Until */
            paused_until?: number | null;
            /**
             * Price Factor Ppm
             * @description Millionths: 900000 = ten percent off the catalog's prices
             * @default 1000000
             */
            price_factor_ppm?: number;
            /** Prices */
            prices?: components["schemas"]["PriceOverrideIO"][];
            timeouts?: components["schemas"]["TimeoutsIO"];
        };
        /**
         * ProviderKindOut
         * @description A vendor this gateway knows. `dialects` are the wire formats it speaks; `auth` says how its key is sent.
         */
        ProviderKindOut: {
            /** Auth */
            auth: string;
            /** Base Url */
            base_url: string | null;
            /** Dialects */
            dialects: string[];
            /** Kind */
            kind: string;
            /** Needs Key */
            needs_key: boolean;
            /** Title */
            title: string;
        };
        /**
         * ProviderOut
         * @description A provider. `effective_base_url` is what is called when `base_url` is null.
         */
        ProviderOut: {
            /** Active */
            active: boolean;
            /** Allow Private */
            allow_private: boolean;
            /** Base Url */
            base_url: string | null;
            /** Default Parameters */
            default_parameters: {
                [key: string]: unknown;
            };
            /** Denied Betas */
            denied_betas: string[];
            /** Effective Base Url */
            effective_base_url: string | null;
            /** Extra Headers */
            extra_headers: {
                [key: string]: string;
            };
            /** Id */
            id: string;
            /** Keys */
            keys: components["schemas"]["UpstreamKeyOut"][];
            /** Kind */
            kind: string;
            /** Name */
            name: string;
            /** Paused Until */
            paused_until: number | null;
            /** Price Factor Ppm */
            price_factor_ppm: number;
            /** Prices */
            prices: components["schemas"]["PriceOverrideIO"][];
            timeouts: components["schemas"]["TimeoutsIO"];
            /** Updated At */
            updated_at: number;
            /** Version */
            version: number;
        };
        /**
         * ProviderPatch
         * @description Changes to a provider; absent fields stay, `base_url: null` returns to the kind's default, `paused_until: null` ends a pause.
         */
        ProviderPatch: {
            /** Active */
            active?: boolean | null;
            /** Allow Private */
            allow_private?: boolean | null;
            /** Base Url */
            base_url?: string | null;
            /** Default Parameters */
            default_parameters?: {
                [key: string]: unknown;
            } | null;
            /** Denied Betas */
            denied_betas?: string[] | null;
            /** Extra Headers */
            extra_headers?: {
                [key: string]: string;
            } | null;
            /** Kind */
            kind?: string | null;
            /** Name */
            name?: string | null;
            /** Paused Until */
            paused_until?: number | null;
            /** Price Factor Ppm */
            price_factor_ppm?: number | null;
            /** Prices */
            prices?: components["schemas"]["PriceOverrideIO"][] | null;
            timeouts?: components["schemas"]["TimeoutsIO"] | null;
        };
        /**
         * ProviderTraffic
         * @description One provider, by its id.
         */
        ProviderTraffic: {
            /** Cost Nano */
            cost_nano: number;
            /** Errors */
            errors: number;
            /**
             * First Byte P95 Ms
             * @description Milliseconds, at most 5 % off; null without samples
             */
            first_byte_p95_ms: number | null;
            /** Name */
            name: string;
            /** Requests */
            requests: number;
        };
        /**
         * PublicationOut
         * @description One publication: `release` came into force as number `number`. A release can be there many times. `by` is a user's id, or `document`.
         *     `cause`: an edit, a rollback, a draft that was published, or one that was discarded (the release stays what it was).
         */
        PublicationOut: {
            /** At */
            at: number;
            /** By */
            by: string;
            /** By Name */
            by_name: string | null;
            /**
             * Cause
             * @enum {string}
             */
            cause: "edit" | "rollback" | "publish" | "discard";
            /** In Force */
            in_force: boolean;
            /** Models */
            models: number;
            /** Number */
            number: number;
            /** Providers */
            providers: number;
            /** Release */
            release: string;
            /** Routes */
            routes: number;
            /** Upstream Keys */
            upstream_keys: number;
        };
        /**
         * RefusalOut
         * @description The error a real request gets; `retry_after` in seconds.
         */
        RefusalOut: {
            /** Code */
            code: string;
            /** Message */
            message: string;
            /** Retry After */
            retry_after: number | null;
            /** Status */
            status: number;
        };
        /**
         * RegisterIn
         * @description A new user, by themselves. The role is the invitation's, without one `user`.
         */
        RegisterIn: {
            /** Invitation */
            invitation?: string | null;
            /**
             * Password
             * @description At least 10 characters
             */
            password: string;
            /** Username */
            username: string;
        };
        /**
         * RegistrationOut
         * @description Who may register here: nobody, whoever has an invitation, or everybody.
         */
        RegistrationOut: {
            /**
             * Mode
             * @enum {string}
             */
            mode: "closed" | "invite" | "open";
        };
        /**
         * ReleaseContent
         * @description What a release holds.
         */
        ReleaseContent: {
            /** In Force */
            in_force: boolean;
            /** Items */
            items: components["schemas"]["EntityOut"][];
            /** Release */
            release: string;
        };
        /**
         * ReleaseDiff
         * @description What becomes different from `before` (null = nothing was published) to `after`. A secret that differs is the field `value`.
         */
        ReleaseDiff: {
            /** After */
            after: string;
            /** Before */
            before: string | null;
            /** Changes */
            changes: components["schemas"]["ChangeOut"][];
        };
        /**
         * ReleaseOut
         * @description The configuration in force. `release` (SHA-256 of its canonical JSON) and `updated_at` are null before the first one; `number` is then 0.
         *
         *     `pending`: in draft mode, how many things differ from it; 0 in direct mode.
         */
        ReleaseOut: {
            /** Created By */
            created_by: string | null;
            /** Models */
            models: number;
            /** Number */
            number: number;
            /** Pending */
            pending: number;
            /** Providers */
            providers: number;
            /**
             * Publishing
             * @enum {string}
             */
            publishing: "direct" | "draft";
            /** Release */
            release: string | null;
            /** Routes */
            routes: number;
            /** Updated At */
            updated_at: number | null;
        };
        /**
         * ReloadOut
         * @description Nothing is to be reloaded: every change of the configuration is in force within seconds. What is in force now.
         */
        ReloadOut: {
            /** Message */
            message: string;
            /** Models */
            models: string[];
            /** Number */
            number: number;
            /** Release */
            release: string | null;
            /**
             * Status
             * @constant
             */
            status: "ok";
        };
        /**
         * ResetIn
         * @description The budget whose spent amount becomes 0; what running requests hold stays held.
         */
        ResetIn: {
            /**
             * Name
             * @enum {string}
             */
            name: "day" | "month" | "total";
        };
        /**
         * RetryIO
         * @description How often a provider is called for one request: `attempts` calls of one target with one key, `max_calls` calls in all. Before the
         *     n-th retry a random time up to `base_seconds * 2**n`, at most `max_seconds`, passes; a `Retry-After` is waited for up to
         *     `retry_after_seconds`.
         */
        RetryIO: {
            /**
             * Attempts
             * @default 2
             */
            attempts?: number;
            /**
             * Base Seconds
             * @default 0.5
             */
            base_seconds?: number;
            /**
             * Max Calls
             * @default 8
             */
            max_calls?: number;
            /**
             * Max Seconds
             * @default 8
             */
            max_seconds?: number;
            /**
             * Retry After Seconds
             * @default 10
             */
            retry_after_seconds?: number;
        };
        /**
         * RolledBack
         * @description What is in force now. `changed` false: it was in force already, and nothing was written.
         */
        RolledBack: {
            /** Changed */
            changed: boolean;
            /** Number */
            number: number;
            /** Release */
            release: string;
        };
        /**
         * RouteIn
         * @description A new route: a name that clients send as a model, and its targets. `retry` null = the deployment's; `cache` null = none of its answers is
         *     kept. An id `x/y` where `x` is a provider is refused: it would hide that provider's model `y`.
         */
        RouteIn: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            cache?: components["schemas"]["CacheRuleIO"] | null;
            canary?: components["schemas"]["ShareIO"] | null;
            /**
             * Guardrails
             * @description Ids of guardrails, in the order in which they hold; those with `everywhere` come before them
             */
            guardrails?: string[];
            /** Hedge Seconds */
            hedge_seconds?: number | null;
            /** Id */
            id: string;
            mirror?: components["schemas"]["ShareIO"] | null;
            /**
             * On Disconnect
             * @default cancel
             * @enum {string}
             */
            on_disconnect?: "cancel" | "drain";
            retry?: components["schemas"]["RetryIO"] | null;
            /**
             * Sticky By
             * @default auto
             * @enum {string}
             */
            sticky_by?: "auto" | "session" | "user" | "key" | "prefix";
            /**
             * Strategy
             * @default priority
             * @enum {string}
             */
            strategy?: "priority" | "round_robin" | "weighted" | "weighted_random" | "cost" | "latency" | "usage" | "sticky";
            /** Targets */
            targets: components["schemas"]["TargetIO"][];
        };
        /**
         * RouteOut
         * @description A route. With `built_in` it is one that every deployment has: it cannot be changed, but a route of the same id takes its place, and
         *     deleting that one brings it back; its `version` is 0.
         */
        RouteOut: {
            /** Active */
            active: boolean;
            /**
             * Built In
             * @default false
             */
            built_in: boolean;
            cache: components["schemas"]["CacheRuleIO"] | null;
            canary: components["schemas"]["ShareIO"] | null;
            /** Guardrails */
            guardrails: string[];
            /** Hedge Seconds */
            hedge_seconds: number | null;
            /** Id */
            id: string;
            mirror: components["schemas"]["ShareIO"] | null;
            /**
             * On Disconnect
             * @enum {string}
             */
            on_disconnect: "cancel" | "drain";
            retry: components["schemas"]["RetryIO"] | null;
            /**
             * Sticky By
             * @enum {string}
             */
            sticky_by: "auto" | "session" | "user" | "key" | "prefix";
            /**
             * Strategy
             * @enum {string}
             */
            strategy: "priority" | "round_robin" | "weighted" | "weighted_random" | "cost" | "latency" | "usage" | "sticky";
            /** Targets */
            targets: components["schemas"]["TargetIO"][];
            /** Updated At */
            updated_at: number;
            /** Version */
            version: number;
        };
        /**
         * RoutePatch
         * @description Changes to a route; absent fields stay, null clears `retry`, `hedge_seconds`, `canary`, `mirror` and `cache`. `targets` replaces them all.
         */
        RoutePatch: {
            /** Active */
            active?: boolean | null;
            cache?: components["schemas"]["CacheRuleIO"] | null;
            canary?: components["schemas"]["ShareIO"] | null;
            /** Guardrails */
            guardrails?: string[] | null;
            /** Hedge Seconds */
            hedge_seconds?: number | null;
            mirror?: components["schemas"]["ShareIO"] | null;
            /** On Disconnect */
            on_disconnect?: ("cancel" | "drain") | null;
            retry?: components["schemas"]["RetryIO"] | null;
            /** Sticky By */
            sticky_by?: ("auto" | "session" | "user" | "key" | "prefix") | null;
            /** Strategy */
            strategy?: ("priority" | "round_robin" | "weighted" | "weighted_random" | "cost" | "latency" | "usage" | "sticky") | null;
            /** Targets */
            targets?: components["schemas"]["TargetIO"][] | null;
        };
        /**
         * ScopeOut
         * @description A key, user or team and where its limits stand. `known` false: a key names it, but nothing is said of it, so it has no limits.
         *
         *     `running`: requests that are going on now; they are counted where `concurrent` limits them, null elsewhere.
         */
        ScopeOut: {
            /** Id */
            id: string;
            /** Known */
            known: boolean;
            /** Limits */
            limits: components["schemas"]["StandingOut"][];
            /** Name */
            name: string | null;
            /** Running */
            running: number | null;
            /**
             * Scope
             * @enum {string}
             */
            scope: "key" | "user" | "team";
        };
        /**
         * ScopesOut
         * @description Several scopes, in the order asked for; those that do not exist are left out.
         */
        ScopesOut: {
            /** Items */
            items: components["schemas"]["ScopeOut"][];
        };
        /**
         * SeriesPoint
         * @description One bucket; `start` is Unix ms.
         */
        SeriesPoint: {
            /** Cost Nano */
            cost_nano: number;
            /** Errors */
            errors: number;
            /**
             * First Byte P50 Ms
             * @description Milliseconds, at most 5 % off; null without samples
             */
            first_byte_p50_ms: number | null;
            /**
             * First Byte P95 Ms
             * @description Milliseconds, at most 5 % off; null without samples
             */
            first_byte_p95_ms: number | null;
            /** Input Tokens */
            input_tokens: number;
            /** Output Tokens */
            output_tokens: number;
            /** Requests */
            requests: number;
            /** Start */
            start: number;
        };
        /**
         * ServicePriceIO
         * @description Token prices, USD per million, of a service tier.
         */
        ServicePriceIO: {
            /** Cache Read */
            cache_read?: string | null;
            /** Cache Write 1H */
            cache_write_1h?: string | null;
            /** Cache Write 5M */
            cache_write_5m?: string | null;
            /**
             * Input
             * @description US dollars as a decimal string, exact
             * @example 0.15
             */
            input: string;
            /**
             * Output
             * @description US dollars as a decimal string, exact
             * @example 0.15
             */
            output: string;
            /** Reasoning */
            reasoning?: string | null;
            /** Tiers */
            tiers?: components["schemas"]["PriceTierIO"][];
        };
        /**
         * SettingsOut
         * @description `publishing`: `direct` = every edit of providers, their keys, models and routes is in force at once; `draft` = edits wait until they are
         *     published together. `cache` holds for models that are asked for without a route; it is a part of the configuration, as a route's is. `version` 0 =
         *     nobody has ever chosen.
         */
        SettingsOut: {
            cache: components["schemas"]["CacheRuleIO"] | null;
            deployment: components["schemas"]["DeploymentOut"];
            /**
             * Publishing
             * @enum {string}
             */
            publishing: "direct" | "draft";
            /** Version */
            version: number;
        };
        /**
         * SettingsPatch
         * @description A change of the settings; absent fields stay. `cache` null: answers of models without a route are not kept.
         */
        SettingsPatch: {
            cache?: components["schemas"]["CacheRuleIO"] | null;
            /** Publishing */
            publishing?: ("direct" | "draft") | null;
        };
        /**
         * ShareIO
         * @description One target's share: a percentage of the requests, or of the virtual keys (each of them always or never).
         */
        ShareIO: {
            /**
             * By
             * @default request
             * @enum {string}
             */
            by?: "request" | "key";
            /** Model */
            model: string;
            /** Percent */
            percent: number;
            /** Provider */
            provider: string;
        };
        /**
         * ShareShownOut
         * @description A canary or mirror: its draw, and on a hit why it could not be called.
         */
        ShareShownOut: {
            draw: components["schemas"]["DrawnOut"];
            /** Reason */
            reason: ("rules" | "paused" | "inactive" | "not_allowed" | "excluded" | "capability" | "breaker_open" | "cooling" | "quota" | "dead" | "no_key") | null;
        };
        /**
         * SkippedModel
         * @description A model that was not created, and why.
         */
        SkippedModel: {
            /** Id */
            id: string;
            /** Reason */
            reason: string;
        };
        /**
         * SkippedOut
         * @description A target that is no candidate now. `until_ms`: when the reason ends by itself, 0 = it does not.
         */
        SkippedOut: {
            /** Model */
            model: string;
            /** Provider */
            provider: string;
            /**
             * Reason
             * @enum {string}
             */
            reason: "rules" | "paused" | "inactive" | "not_allowed" | "excluded" | "capability" | "breaker_open" | "cooling" | "quota" | "dead" | "no_key";
            /** Until Ms */
            until_ms: number;
        };
        /**
         * StandingOut
         * @description Where one limit stands, in `unit`. `used` is settled, `held` reserved by running requests, `remaining` what is left beside both.
         *
         *     Of a rate, `used` is what its bucket lacks and `reset` when it will be full; of a budget `reset` is when the next period begins (Unix ms).
         */
        StandingOut: {
            /** Held */
            held: number;
            /** Limit */
            limit: number;
            /**
             * Name
             * @enum {string}
             */
            name: "requests" | "tokens" | "concurrent" | "day" | "month" | "total" | "balance";
            /** Remaining */
            remaining: number;
            /** Reset */
            reset: number | null;
            /**
             * Unit
             * @enum {string}
             */
            unit: "requests" | "tokens" | "nano_usd";
            /** Used */
            used: number;
        };
        /**
         * StatsOut
         * @description Figures of the finished requests of the asked days. `avg_latency_ms`: the mean time of whole requests, at most 5 % off; 0 without requests.
         */
        StatsOut: {
            /** Active Users */
            active_users: number;
            /** Avg Latency Ms */
            avg_latency_ms: number;
            /** Top Models */
            top_models: components["schemas"]["ModelUse"][];
            /** Total Tokens */
            total_tokens: number;
        };
        /**
         * StepOut
         * @description A candidate, in the place where it is tried; `keys` in the order to try them. `half_open`: only the one probe of its breaker goes
         *     through. `estimate` null: the model has no price.
         */
        StepOut: {
            estimate: components["schemas"]["EstimateOut"] | null;
            /** Half Open */
            half_open: boolean;
            health: components["schemas"]["HealthShownOut"];
            /** Keys */
            keys: components["schemas"]["KeyShownOut"][];
            /** Model */
            model: string;
            /** Priority */
            priority: number;
            /** Provider */
            provider: string;
            /**
             * Role
             * @enum {string}
             */
            role: "target" | "canary" | "mirror";
            /** Weight */
            weight: number;
        };
        /**
         * TargetHealthOut
         * @description One model of a provider. `ok` and `bad` count the calls of the last five to ten minutes, only faults of the provider being bad; the
         *     percentiles are milliseconds to the first content. `until`: when an open breaker lets a call through again.
         */
        TargetHealthOut: {
            /** Bad */
            bad: number;
            /**
             * Breaker
             * @enum {string}
             */
            breaker: "closed" | "open" | "half_open";
            /** Last Fault */
            last_fault: string | null;
            /** Last Fault At */
            last_fault_at: number | null;
            /** Model */
            model: string;
            /** Ok */
            ok: number;
            /** P50 Ms */
            p50_ms: number | null;
            /** P95 Ms */
            p95_ms: number | null;
            /** P99 Ms */
            p99_ms: number | null;
            /** Until */
            until: number | null;
        };
        /**
         * TargetIO
         * @description One way to serve a route: a provider and that provider's own name of the model.
         *
         *     Lower `priority` first; `weight` 0 = only when no other target of its priority is left. `rules` null = for every request. Not called
         *     until `paused_until`; a moment that has passed means nothing.
         */
        TargetIO: {
            /** Model */
            model: string;
            /** Paused Until */
            paused_until?: number | null;
            /**
             * Priority
             * @default 0
             */
            priority?: number;
            /** Provider */
            provider: string;
            /** Rules */
            rules?: {
                [key: string]: unknown;
            } | null;
            /**
             * Weight
             * @default 1
             */
            weight?: number;
        };
        /**
         * TeamIn
         * @description A new team. `id` is what keys name as `team_id`; lists, `valid_until` and `limits` hold beside those of the keys.
         */
        TeamIn: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /** Allowed Models */
            allowed_models?: string[];
            /** Allowed Providers */
            allowed_providers?: string[];
            /** Id */
            id: string;
            limits?: components["schemas"]["LimitsIO"] | null;
            /** Name */
            name?: string | null;
            /** Valid Until */
            valid_until?: number | null;
        };
        /**
         * TeamOut
         * @description A team; `limits` null = none.
         */
        TeamOut: {
            /** Active */
            active: boolean;
            /** Allowed Models */
            allowed_models: string[];
            /** Allowed Providers */
            allowed_providers: string[];
            /** Id */
            id: string;
            limits: components["schemas"]["LimitsIO"] | null;
            /** Name */
            name: string;
            /** Updated At */
            updated_at: number;
            /** Valid Until */
            valid_until: number | null;
            /** Version */
            version: number;
        };
        /**
         * TeamPatch
         * @description Changes to a team; absent fields stay. `limits` replaces all of them, null takes them away.
         */
        TeamPatch: {
            /** Active */
            active?: boolean | null;
            /** Allowed Models */
            allowed_models?: string[] | null;
            /** Allowed Providers */
            allowed_providers?: string[] | null;
            limits?: components["schemas"]["LimitsIO"] | null;
            /** Name */
            name?: string | null;
            /** Valid Until */
            valid_until?: number | null;
        };
        /**
         * Timeline
         * @description Bars of `step_ms` over the asked range, widened to whole bars. `source`: the hourly `figures` or the `rows` themselves. Where there
         *     were too many rows to count, `complete` is false and bars before `counted_from` (Unix ms) show nothing.
         */
        Timeline: {
            /** Bars */
            bars: components["schemas"]["Bar"][];
            /** Complete */
            complete: boolean;
            /** Counted From */
            counted_from: number;
            /** From */
            from: number;
            /**
             * Source
             * @enum {string}
             */
            source: "figures" | "rows";
            /** Step Ms */
            step_ms: number;
            /** To */
            to: number;
        };
        /**
         * TimeoutsIO
         * @description Seconds per phase: `first_byte` from the request's last byte, `idle` between chunks, `total` over everything.
         */
        TimeoutsIO: {
            /**
             * Connect
             * @default 5
             */
            connect?: number;
            /**
             * First Byte
             * @default 300
             */
            first_byte?: number;
            /**
             * Idle
             * @default 120
             */
            idle?: number;
            /**
             * Total
             * @default 890
             */
            total?: number;
        };
        /**
         * TokenBalanceOut
         * @description A balance after a change; it may be below zero.
         */
        TokenBalanceOut: {
            /** Balance */
            balance: number;
            /** Limit */
            limit: number | null;
            /** Updated At */
            updated_at: string;
            /** User Id */
            user_id: string;
        };
        /**
         * TokenLimitIn
         * @description `limit`: tokens that may ever be used, null = no limit.
         */
        TokenLimitIn: {
            /** Limit */
            limit: number | null;
        };
        /**
         * TokenOut
         * @description A bearer token. `expires_in` is its seconds, `session_expires_in` those in which it can be refreshed.
         */
        TokenOut: {
            /** Access Token */
            access_token: string;
            /** Expires In */
            expires_in: number;
            /** Session Expires In */
            session_expires_in: number;
            /**
             * Token Type
             * @default bearer
             * @constant
             */
            token_type: "bearer";
            user: components["schemas"]["UserOut"];
        };
        /**
         * TokensIn
         * @description Tokens to add, or to take away (negative). `id` (any text of the caller's) makes it happen once, however often it is sent.
         */
        TokensIn: {
            /**
             * Amount
             * @description Tokens; negative takes away
             */
            amount: number;
            /** Id */
            id?: string | null;
        };
        /**
         * TokensOut
         * @description Token counts in disjoint buckets; `input` is the sum of what went in; `reasoning` is part of `output`, and so are `audio_output` and
         *     `image_output`; `audio_input` and `image_input` are parts of `fresh`. What is no token: pictures (`images_…`), the length of sounds in
         *     milliseconds (`audio_ms_…`), spoken `characters`, and `searches`, as which a request for reranking is billed (0 = not said: one).
         */
        TokensOut: {
            /** Audio Input */
            audio_input: number;
            /** Audio Ms In */
            audio_ms_in: number;
            /** Audio Ms Out */
            audio_ms_out: number;
            /** Audio Output */
            audio_output: number;
            /** Cache Read */
            cache_read: number;
            /** Cache Write 1H */
            cache_write_1h: number;
            /** Cache Write 5M */
            cache_write_5m: number;
            /** Characters */
            characters: number;
            /** Fresh */
            fresh: number;
            /** Image Input */
            image_input: number;
            /** Image Output */
            image_output: number;
            /** Images In */
            images_in: number;
            /** Images Out */
            images_out: number;
            /** Input */
            input: number;
            /** Output */
            output: number;
            /** Reasoning */
            reasoning: number;
            /** Searches */
            searches: number;
            /** Source */
            source: string;
        };
        /**
         * Totals
         * @description Sums of a whole range, with the latency of whole requests. `unpriced` requests used a model without a price: their cost is missing.
         *
         *     `total_cost_nano` is what was paid altogether: `cost_nano`, calls that lost a hedge, and mirrored copies. `cache_hits` were answered with what
         *     was kept; `saved_nano` is what those answers had cost to make, and in no other sum.
         */
        Totals: {
            /** Cache Hits */
            cache_hits: number;
            /** Cost Nano */
            cost_nano: number;
            /** Errors */
            errors: number;
            /**
             * First Byte P50 Ms
             * @description Milliseconds, at most 5 % off; null without samples
             */
            first_byte_p50_ms: number | null;
            /**
             * First Byte P95 Ms
             * @description Milliseconds, at most 5 % off; null without samples
             */
            first_byte_p95_ms: number | null;
            /** Input Tokens */
            input_tokens: number;
            /** Output Tokens */
            output_tokens: number;
            /** Requests */
            requests: number;
            /** Saved Nano */
            saved_nano: number;
            /** Total Cost Nano */
            total_cost_nano: number;
            /**
             * Total P50 Ms
             * @description Milliseconds, at most 5 % off; null without samples
             */
            total_p50_ms: number | null;
            /**
             * Total P95 Ms
             * @description Milliseconds, at most 5 % off; null without samples
             */
            total_p95_ms: number | null;
            /** Unpriced */
            unpriced: number;
        };
        /**
         * TransactionOut
         * @description One change of a balance; `amount` was added (negative: taken). `reason`: `llm_usage`, `admin_top_up` or `admin_deduct`. Of usage,
         *     `message_id` is the message that was paid for and `request_id` the request in the log; of an administrator's change, `message_id` is its id.
         */
        TransactionOut: {
            /** Admin User Id */
            admin_user_id: string | null;
            /** Amount */
            amount: number;
            /** Created At */
            created_at: string;
            /** Id */
            id: string;
            /** Message Id */
            message_id: string | null;
            /** Model */
            model: string | null;
            /** Reason */
            reason: string;
            /** Request Id */
            request_id: string | null;
            /** User Id */
            user_id: string;
        };
        /**
         * TryIn
         * @description A text for one guardrail: a stored one by its id, or one that is not stored (yet). Nothing is kept, and no model is asked: a `moderation`
         *     cannot be tried here.
         */
        TryIn: {
            /** Guardrail */
            guardrail: string | components["schemas"]["GuardrailIn"];
            /**
             * Role
             * @description Who says it, at the stage `input`
             * @default user
             * @enum {string}
             */
            role?: "system" | "user" | "assistant";
            /**
             * Stage
             * @default input
             * @enum {string}
             */
            stage?: "input" | "output";
            /** Text */
            text: string;
        };
        /**
         * TryOut
         * @description What a guardrail says of a text. `action` null = it lets the text pass as it is. `text` is what would go on, null = nothing would.
         */
        TryOut: {
            /** Action */
            action: ("block" | "annotate" | "mask") | null;
            /** Matches */
            matches: components["schemas"]["MatchOut"][];
            /** Text */
            text: string | null;
        };
        /**
         * UpstreamKeyIn
         * @description A new credential: exactly one of `value` (encrypted on arrival) and `reference` (Secrets Manager or SSM ARN).
         */
        UpstreamKeyIn: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /**
             * Daily Quota
             * @description Tokens per 24 hours from the first use; 0 = unlimited
             * @default 0
             */
            daily_quota?: number;
            /** Name */
            name?: string | null;
            /** Reference */
            reference?: string | null;
            /** Value */
            value?: string | null;
            /**
             * Weight
             * @default 1
             */
            weight?: number;
        };
        /**
         * UpstreamKeyOut
         * @description A provider's credential, without the credential: `hint` looks like `sk-****1234`; `reference` is an ARN or null.
         */
        UpstreamKeyOut: {
            /** Active */
            active: boolean;
            /** Daily Quota */
            daily_quota: number;
            /** Hint */
            hint: string;
            /** Id */
            id: string;
            /** Name */
            name: string | null;
            /** Provider */
            provider: string;
            /** Reference */
            reference: string | null;
            /**
             * Source
             * @enum {string}
             */
            source: "sealed" | "reference";
            /** Updated At */
            updated_at: number;
            /** Version */
            version: number;
            /** Weight */
            weight: number;
        };
        /**
         * UpstreamKeyPatch
         * @description Changes to a credential; a new `value` or `reference` replaces the old one, `name: null` takes the name away.
         */
        UpstreamKeyPatch: {
            /** Active */
            active?: boolean | null;
            /** Daily Quota */
            daily_quota?: number | null;
            /** Name */
            name?: string | null;
            /** Reference */
            reference?: string | null;
            /** Value */
            value?: string | null;
            /** Weight */
            weight?: number | null;
        };
        /**
         * UsageGroup
         * @description One value of the dimension, or one pair. An id is null for requests without one; a name is null where none is known.
         */
        UsageGroup: {
            figures: components["schemas"]["Figures"];
            /** Ids */
            ids: {
                [key: string]: string | null;
            };
            lines: components["schemas"]["Lines"] | null;
            /** Names */
            names: {
                [key: string]: string | null;
            };
            previous: components["schemas"]["Figures"] | null;
        };
        /**
         * UsagePoint
         * @description One interval, from `start` to before `end`.
         */
        UsagePoint: {
            /** End */
            end: number;
            figures: components["schemas"]["Figures"];
            /** Start */
            start: number;
        };
        /**
         * UsageReport
         * @description `totals` is the sum of `groups` and `rest`, and of `series`, to the nano-dollar. `from` and `to` are what is covered: the asked
         *     range, widened to whole intervals. `series` and `lines` are there where an interval was asked for.
         */
        UsageReport: {
            /** From */
            from: number;
            /** Group By */
            group_by: ("key" | "user" | "team" | "requested_model" | "model" | "provider" | "route")[];
            /** Groups */
            groups: components["schemas"]["UsageGroup"][];
            /**
             * Interval
             * @enum {string}
             */
            interval: "hour" | "day" | "none";
            previous: components["schemas"]["Figures"] | null;
            /** Previous From */
            previous_from: number | null;
            rest: components["schemas"]["UsageRest"] | null;
            /** Series */
            series: components["schemas"]["UsagePoint"][];
            /** Timezone */
            timezone: string;
            /** To */
            to: number;
            totals: components["schemas"]["Figures"];
        };
        /**
         * UsageRest
         * @description The groups beyond the limit, summed up.
         */
        UsageRest: {
            figures: components["schemas"]["Figures"];
            /** Groups */
            groups: number;
            lines: components["schemas"]["Lines"] | null;
        };
        /**
         * UsageTable
         * @description An export: a row per interval and group. `start` and `end` are local times with their offset; `total_cost_usd` is exact.
         */
        UsageTable: {
            /** From */
            from: number;
            /** Group By */
            group_by: ("key" | "user" | "team" | "requested_model" | "model" | "provider" | "route")[];
            /**
             * Interval
             * @enum {string}
             */
            interval: "hour" | "day" | "none";
            /** Rows */
            rows: {
                [key: string]: string | number | null;
            }[];
            /** Timezone */
            timezone: string;
            /** To */
            to: number;
        };
        /**
         * UserIn
         * @description A new user.
         */
        UserIn: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /**
             * Password
             * @description At least 10 characters
             */
            password: string;
            /**
             * Role
             * @default user
             * @enum {string}
             */
            role?: "admin" | "operator" | "user";
            /** Username */
            username: string;
        };
        /**
         * UserOut
         * @description Who is signed in. `access` says what the role may do: methods by noun, an empty list where nothing is allowed.
         */
        UserOut: {
            /** Access */
            access: {
                [key: string]: ("GET" | "POST" | "PATCH" | "DELETE")[];
            };
            /** Id */
            id: string;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "operator" | "user";
            /** Username */
            username: string;
        };
        /**
         * UserPatch
         * @description Changes to a user; absent fields stay. A new password and `active: false` end all sessions of the user.
         */
        UserPatch: {
            /** Active */
            active?: boolean | null;
            /** Password */
            password?: string | null;
            /** Role */
            role?: ("admin" | "operator" | "user") | null;
            /** Username */
            username?: string | null;
        };
        /**
         * UserRow
         * @description A user. `source`: the deployment's first administrator, one of here, or one that an identity provider (`issuer`) vouches for. `email` is what
         *     was given at registration; `last_login` null = never, or by an identity provider.
         */
        UserRow: {
            /** Active */
            active: boolean;
            /** Created At */
            created_at: number;
            /** Email */
            email: string | null;
            /** Id */
            id: string;
            /** Issuer */
            issuer: string | null;
            /** Last Login */
            last_login: number | null;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "operator" | "user";
            /**
             * Source
             * @enum {string}
             */
            source: "deployment" | "local" | "external";
            /** Updated At */
            updated_at: number;
            /** Username */
            username: string;
            /** Version */
            version: number;
        };
        /**
         * VerdictOut
         * @description What one node of a rule comes to. A `leaf` has `field`, `op`, `value` and `seen`, what the request has there (without credentials).
         */
        VerdictOut: {
            /** Children */
            children: components["schemas"]["VerdictOut"][];
            /** Field */
            field: string | null;
            /** Holds */
            holds: boolean;
            /**
             * Kind
             * @enum {string}
             */
            kind: "all" | "any" | "not" | "leaf";
            /** Op */
            op: string | null;
            /** Path */
            path: string;
            /** Seen */
            seen: string | null;
            /** Value */
            value: unknown;
        };
    };
    responses: {
        /** @description The request cannot be read: no JSON, or a cursor or query that is none */
        DialogsError400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "VALIDATION_ERROR",
                 *       "message": "The body is not valid JSON.",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description Not signed in, or the token is not valid any more */
        DialogsError401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "UNAUTHORIZED",
                 *       "message": "Sign in first.",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description The role may not do this */
        DialogsError403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "FORBIDDEN",
                 *       "message": "Your role does not allow this.",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description There is no such thing */
        DialogsError404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "NOT_FOUND",
                 *       "message": "There is no provider 'acme'.",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description The id is taken, the thing is in use, or others changed it at the same moment */
        DialogsError409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "CONFLICT",
                 *       "message": "There is already a provider 'acme'.",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description If-Match names a version that is not the present one */
        DialogsError412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "PRECONDITION_FAILED",
                 *       "message": "It was changed in the meantime; reload and try again.",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description The body is larger than 1 MB */
        DialogsError413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "PAYLOAD_TOO_LARGE",
                 *       "message": "The body is too large.",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description The request does not fit; `field` says where */
        DialogsError422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "VALIDATION_ERROR",
                 *       "details": {
                 *         "field": "kind"
                 *       },
                 *       "message": "kind: Field required",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description Too many failed tries; Retry-After says when to come back */
        DialogsError429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "RATE_LIMIT_EXCEEDED",
                 *       "message": "Too many failed tries. Wait before trying again.",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description A fault of the gateway, noted under the request id */
        DialogsError500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "INTERNAL_ERROR",
                 *       "message": "Something went wrong here; it has been noted under the request id.",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description A service of the deployment is out of reach; try again */
        DialogsError503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "code": "SERVICE_UNAVAILABLE",
                 *       "message": "A service of this deployment is out of reach; try again.",
                 *       "request_id": "req_01990000000070008000000000000000"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsErrorReply"];
            };
        };
        /** @description The request cannot be read: no JSON, or a cursor or query that is none */
        Error400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "The body is not valid JSON.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "invalid_request"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description Not signed in, or the token is not valid any more */
        Error401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "Sign in first.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "unauthorized"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description The role may not do this */
        Error403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "Your role does not allow this.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "forbidden"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description There is no such thing */
        Error404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "There is no provider 'acme'.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "not_found"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description The id is taken, the thing is in use, or others changed it at the same moment */
        Error409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "There is already a provider 'acme'.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "conflict"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description If-Match names a version that is not the present one */
        Error412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "It was changed in the meantime; reload and try again.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "precondition_failed"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description The body is larger than 1 MB */
        Error413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "The body is too large.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "request_too_large"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description The request does not fit; `field` says where */
        Error422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "field": "kind",
                 *         "message": "kind: Field required",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "validation_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description Too many failed tries; Retry-After says when to come back */
        Error429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "Too many failed tries. Wait before trying again.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "too_many_requests"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description A fault of the gateway, noted under the request id */
        Error500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "Something went wrong here; it has been noted under the request id.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "internal_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description A service of the deployment is out of reach; try again */
        Error503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "message": "A service of this deployment is out of reach; try again.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "service_unavailable"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorReply"];
            };
        };
        /** @description The request cannot be read: no JSON, or a cursor or query that is none */
        HubError400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "The body is not valid JSON.",
                 *       "error": {
                 *         "code": "invalid_request",
                 *         "message": "The body is not valid JSON.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "invalid_request_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
        /** @description Not signed in, or the token is not valid any more */
        HubError401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "Sign in first.",
                 *       "error": {
                 *         "code": "unauthorized",
                 *         "message": "Sign in first.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "authentication_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
        /** @description The role may not do this */
        HubError403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "Your role does not allow this.",
                 *       "error": {
                 *         "code": "forbidden",
                 *         "message": "Your role does not allow this.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "permission_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
        /** @description There is no such thing */
        HubError404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "There is no provider 'acme'.",
                 *       "error": {
                 *         "code": "not_found",
                 *         "message": "There is no provider 'acme'.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "not_found_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
        /** @description The id is taken, the thing is in use, or others changed it at the same moment */
        HubError409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "There is already a provider 'acme'.",
                 *       "error": {
                 *         "code": "conflict",
                 *         "message": "There is already a provider 'acme'.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "invalid_request_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
        /** @description If-Match names a version that is not the present one */
        HubError412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "It was changed in the meantime; reload and try again.",
                 *       "error": {
                 *         "code": "precondition_failed",
                 *         "message": "It was changed in the meantime; reload and try again.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "invalid_request_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
        /** @description The body is larger than 1 MB */
        HubError413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "The body is too large.",
                 *       "error": {
                 *         "code": "request_too_large",
                 *         "message": "The body is too large.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "invalid_request_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
        /** @description The request does not fit; `field` says where */
        HubError422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "kind: Field required",
                 *       "error": {
                 *         "code": "validation_error",
                 *         "message": "kind: Field required",
                 *         "param": "kind",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "invalid_request_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
        /** @description Too many failed tries; Retry-After says when to come back */
        HubError429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "Too many failed tries. Wait before trying again.",
                 *       "error": {
                 *         "code": "too_many_requests",
                 *         "message": "Too many failed tries. Wait before trying again.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "rate_limit_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
        /** @description A fault of the gateway, noted under the request id */
        HubError500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "Something went wrong here; it has been noted under the request id.",
                 *       "error": {
                 *         "code": "internal_error",
                 *         "message": "Something went wrong here; it has been noted under the request id.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "api_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
        /** @description A service of the deployment is out of reach; try again */
        HubError503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "detail": "A service of this deployment is out of reach; try again.",
                 *       "error": {
                 *         "code": "service_unavailable",
                 *         "message": "A service of this deployment is out of reach; try again.",
                 *         "request_id": "req_01990000000070008000000000000000",
                 *         "type": "api_error"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["HubErrorReply"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_agents: {
        parameters: {
            query?: {
                /** @description Part of the id or name, any case */
                q?: string | null;
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "built_in": false,
                     *           "description": "",
                     *           "frequency_penalty": null,
                     *           "id": "reviewer",
                     *           "max_tokens": 2048,
                     *           "model": "smart",
                     *           "name": "Reviewer",
                     *           "presence_penalty": null,
                     *           "stop_sequences": null,
                     *           "system_prompt": "You review code.",
                     *           "temperature": 0.1,
                     *           "top_p": null,
                     *           "updated_at": 1790000000194,
                     *           "version": 2
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Page_AgentOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_agent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "reviewer",
                 *       "model": "smart",
                 *       "name": "Reviewer",
                 *       "system_prompt": "You review code.",
                 *       "temperature": 0.1
                 *     }
                 */
                "application/json": components["schemas"]["AgentIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "built_in": false,
                     *       "description": "",
                     *       "frequency_penalty": null,
                     *       "id": "reviewer",
                     *       "max_tokens": null,
                     *       "model": "smart",
                     *       "name": "Reviewer",
                     *       "presence_penalty": null,
                     *       "stop_sequences": null,
                     *       "system_prompt": "You review code.",
                     *       "temperature": 0.1,
                     *       "top_p": null,
                     *       "updated_at": 1790000000187,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["AgentOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_agent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "built_in": false,
                     *       "description": "",
                     *       "frequency_penalty": null,
                     *       "id": "reviewer",
                     *       "max_tokens": 2048,
                     *       "model": "smart",
                     *       "name": "Reviewer",
                     *       "presence_penalty": null,
                     *       "stop_sequences": null,
                     *       "system_prompt": "You review code.",
                     *       "temperature": 0.1,
                     *       "top_p": null,
                     *       "updated_at": 1790000000194,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["AgentOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_agent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_agent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "max_tokens": 2048
                 *     }
                 */
                "application/json": components["schemas"]["AgentPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "built_in": false,
                     *       "description": "",
                     *       "frequency_penalty": null,
                     *       "id": "reviewer",
                     *       "max_tokens": 2048,
                     *       "model": "smart",
                     *       "name": "Reviewer",
                     *       "presence_penalty": null,
                     *       "stop_sequences": null,
                     *       "system_prompt": "You review code.",
                     *       "temperature": 0.1,
                     *       "top_p": null,
                     *       "updated_at": 1790000000194,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["AgentOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_audit: {
        parameters: {
            query?: {
                /** @description At or after; default: everything kept */
                from?: number | null;
                /** @description Before */
                to?: number | null;
                /** @description A user's id or name */
                actor?: string | null;
                /** @description `create`, `update`, `delete`, `rollback`, `sign_in`, … */
                action?: string | null;
                /** @description What was asked for or changed: `provider`, `model`, `user`, … */
                noun?: string | null;
                /** @description Its id */
                id?: string | null;
                /** @description At most so many */
                limit?: number;
                /** @description `next_cursor` of the page before; left out for the first page */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "action": "delete",
                     *           "actor_id": "usr_01a0c4506c0b70008000000000000002",
                     *           "actor_name": "admin",
                     *           "actor_role": "admin",
                     *           "address": "testclient",
                     *           "changes": [
                     *             {
                     *               "after": null,
                     *               "before": {
                     *                 "state": "open"
                     *               },
                     *               "id": "inv_01a0c4506c0b70008000000000000004",
                     *               "noun": "invitation"
                     *             }
                     *           ],
                     *           "cut": false,
                     *           "forwarded_for": "",
                     *           "id": "aud_01a0c4506c0b70008000000000000001",
                     *           "noun": "invitation",
                     *           "noun_id": "inv_01a0c4506c0b70008000000000000004",
                     *           "outcome": "done",
                     *           "release_after": null,
                     *           "release_before": null,
                     *           "request_id": "req_01a0c4506c0b70008000000000000003",
                     *           "status": 204,
                     *           "time_ms": 1790000000566,
                     *           "user_agent": "testclient"
                     *         }
                     *       ],
                     *       "next_cursor": "MWF1ZF8wMWEwYzQ1MDZlMzY3YmMwYmJkMDU1MjIxOWYyNTc0Ng",
                     *       "total": null
                     *     }
                     */
                    "application/json": components["schemas"]["Page_AuditOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_audit_export: {
        parameters: {
            query?: {
                /** @description At or after; default: everything kept */
                from?: number | null;
                /** @description Before */
                to?: number | null;
                /** @description A user's id or name */
                actor?: string | null;
                /** @description `create`, `update`, `delete`, `rollback`, `sign_in`, … */
                action?: string | null;
                /** @description What was asked for or changed: `provider`, `model`, `user`, … */
                noun?: string | null;
                /** @description Its id */
                id?: string | null;
                /** @description Of the file */
                format?: "csv" | "json";
                /** @description At most so many */
                limit?: number;
                /** @description `next_cursor` of the page before; left out for the first page */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    /** @description Goes on with older entries; absent at the end */
                    "x-next-cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "action": "delete",
                     *           "actor_id": "usr_01a0c4506c0b70008000000000000002",
                     *           "actor_name": "admin",
                     *           "actor_role": "admin",
                     *           "address": "testclient",
                     *           "changes": [
                     *             {
                     *               "after": null,
                     *               "before": {
                     *                 "state": "open"
                     *               },
                     *               "id": "inv_01a0c4506c0b70008000000000000004",
                     *               "noun": "invitation"
                     *             }
                     *           ],
                     *           "cut": false,
                     *           "forwarded_for": "",
                     *           "id": "aud_01a0c4506c0b70008000000000000001",
                     *           "noun": "invitation",
                     *           "noun_id": "inv_01a0c4506c0b70008000000000000004",
                     *           "outcome": "done",
                     *           "release_after": null,
                     *           "release_before": null,
                     *           "request_id": "req_01a0c4506c0b70008000000000000003",
                     *           "status": 204,
                     *           "time_ms": 1790000000566,
                     *           "user_agent": "testclient"
                     *         }
                     *       ],
                     *       "next_cursor": "MWF1ZF8wMWEwYzQ1MDZlMzY3YmMwYmJkMDU1MjIxOWYyNTc0Ng"
                     *     }
                     */
                    "application/json": components["schemas"]["AuditPart"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    change_many: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "deactivate",
                 *       "ids": [
                 *         "tuned",
                 *         "gpt-5-nano"
                 *       ],
                 *       "noun": "model"
                 *     }
                 */
                "application/json": components["schemas"]["BulkIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changed": 1,
                     *       "results": [
                     *         {
                     *           "error": null,
                     *           "id": "tuned",
                     *           "ok": true
                     *         },
                     *         {
                     *           "error": "There is no model 'gpt-5-nano'.",
                     *           "id": "gpt-5-nano",
                     *           "ok": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BulkOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_cache: {
        parameters: {
            query?: {
                /** @description At or after, Unix milliseconds; default: a day before `to` */
                from?: number | null;
                /** @description Before, Unix milliseconds; default: now */
                to?: number | null;
                /** @description Only by this route */
                route?: string | null;
                /** @description Only where this model answered */
                model?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bypassed": 0,
                     *       "from": 1789912800000,
                     *       "hit_rate": null,
                     *       "hits": 0,
                     *       "misses": 0,
                     *       "points": [
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789916400000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789912800000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789920000000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789916400000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789923600000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789920000000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789927200000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789923600000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789930800000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789927200000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789934400000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789930800000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789938000000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789934400000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789941600000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789938000000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789945200000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789941600000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789948800000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789945200000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789952400000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789948800000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789956000000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789952400000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789959600000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789956000000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789963200000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789959600000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789966800000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789963200000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789970400000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789966800000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789974000000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789970400000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789977600000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789974000000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789981200000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789977600000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789984800000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789981200000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789988400000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789984800000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789992000000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789988400000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789995600000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789992000000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1789999200000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789995600000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790002800000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1789999200000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790006400000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790002800000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790010000000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790006400000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790013600000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790010000000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790017200000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790013600000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790020800000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790017200000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790024400000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790020800000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790028000000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790024400000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790031600000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790028000000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790035200000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790031600000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790038800000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790035200000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790042400000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790038800000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790046000000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790042400000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790049600000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790046000000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790053200000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790049600000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790056800000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790053200000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790060400000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790056800000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790064000000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790060400000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790067600000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790064000000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790071200000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790067600000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790074800000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790071200000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790078400000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790074800000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790082000000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790078400000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790085600000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790082000000
                     *         },
                     *         {
                     *           "bypassed": 0,
                     *           "end": 1790089200000,
                     *           "hit_rate": null,
                     *           "hits": 0,
                     *           "misses": 0,
                     *           "requests": 0,
                     *           "saved_usd": "0",
                     *           "semantic": 0,
                     *           "start": 1790085600000
                     *         }
                     *       ],
                     *       "requests": 0,
                     *       "routes": [],
                     *       "saved_usd": "0",
                     *       "semantic": 0,
                     *       "to": 1790089200000
                     *     }
                     */
                    "application/json": components["schemas"]["CacheReport"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    clear_cache: {
        parameters: {
            query?: {
                /** @description Whose: `team#<id>`, `user#<id>`, `key#<id>`, `deployment` (what everybody shares), or `all` */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    search_catalog: {
        parameters: {
            query?: {
                /** @description Part of a model's name */
                q?: string;
                /** @description A provider kind */
                kind?: string | null;
                /** @description Rows per page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "context_window": 128000,
                     *           "kind": "chat",
                     *           "max_output_tokens": 16384,
                     *           "price": {
                     *             "audio_input": null,
                     *             "audio_output": null,
                     *             "cache_read": "1.25",
                     *             "cache_write_1h": null,
                     *             "cache_write_5m": null,
                     *             "flex": null,
                     *             "image_input": null,
                     *             "image_output": null,
                     *             "input": "2.5",
                     *             "output": "10",
                     *             "per_character": null,
                     *             "per_image_input": null,
                     *             "per_image_output": null,
                     *             "per_second_input": null,
                     *             "per_second_output": null,
                     *             "pictures": null,
                     *             "priority": null,
                     *             "reasoning": null,
                     *             "request": "0",
                     *             "tiers": []
                     *           },
                     *           "provider_kind": "azure_openai",
                     *           "upstream_model": "gpt-4o"
                     *         },
                     *         {
                     *           "context_window": 128000,
                     *           "kind": "chat",
                     *           "max_output_tokens": 16384,
                     *           "price": {
                     *             "audio_input": null,
                     *             "audio_output": null,
                     *             "cache_read": "1.25",
                     *             "cache_write_1h": null,
                     *             "cache_write_5m": null,
                     *             "flex": null,
                     *             "image_input": null,
                     *             "image_output": null,
                     *             "input": "2.5",
                     *             "output": "10",
                     *             "per_character": null,
                     *             "per_image_input": null,
                     *             "per_image_output": null,
                     *             "per_second_input": null,
                     *             "per_second_output": null,
                     *             "pictures": null,
                     *             "priority": {
                     *               "cache_read": "2.125",
                     *               "cache_write_1h": null,
                     *               "cache_write_5m": null,
                     *               "input": "4.25",
                     *               "output": "17",
                     *               "reasoning": null,
                     *               "tiers": []
                     *             },
                     *             "reasoning": null,
                     *             "request": "0",
                     *             "tiers": []
                     *           },
                     *           "provider_kind": "openai",
                     *           "upstream_model": "gpt-4o"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": null
                     *     }
                     */
                    "application/json": components["schemas"]["Page_CatalogOut_"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    export_configuration: {
        parameters: {
            query?: {
                /** @description What kind of text */
                format?: "yaml" | "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "agents": [
                     *         {
                     *           "id": "reviewer",
                     *           "max_tokens": 2048,
                     *           "model": "smart",
                     *           "name": "Reviewer",
                     *           "system_prompt": "You review code.",
                     *           "temperature": 0.1
                     *         }
                     *       ],
                     *       "end_users": [
                     *         {
                     *           "id": "ann@example.com",
                     *           "limits": {
                     *             "budgets": [
                     *               {
                     *                 "period": "month",
                     *                 "usd": "250"
                     *               }
                     *             ],
                     *             "requests_per_minute": 600
                     *           },
                     *           "name": "Ann B."
                     *         }
                     *       ],
                     *       "guardrails": [
                     *         {
                     *           "action": "mask",
                     *           "id": "no-cards",
                     *           "kind": "pii",
                     *           "name": "Cards and accounts",
                     *           "pii": [
                     *             "credit_card",
                     *             "iban"
                     *           ],
                     *           "stages": [
                     *             "input",
                     *             "output"
                     *           ]
                     *         }
                     *       ],
                     *       "keys": [
                     *         {
                     *           "allowed_models": [
                     *             "smart"
                     *           ],
                     *           "ip_allow": [
                     *             "192.0.2.0/24"
                     *           ],
                     *           "limits": {
                     *             "budgets": [
                     *               {
                     *                 "period": "month",
                     *                 "usd": "250"
                     *               }
                     *             ],
                     *             "requests_per_minute": 600
                     *           },
                     *           "name": "CI of the shop",
                     *           "team_id": "red",
                     *           "valid_until": "2026-10-21T14:13:20Z"
                     *         }
                     *       ],
                     *       "models": [
                     *         {
                     *           "context_window": 128000,
                     *           "id": "gpt-4o-mini",
                     *           "kind": "chat",
                     *           "max_output_tokens": 16384,
                     *           "price": {
                     *             "cache_read": "0.075",
                     *             "input": "0.15",
                     *             "output": "0.6",
                     *             "priority": {
                     *               "cache_read": "0.125",
                     *               "input": "0.25",
                     *               "output": "1"
                     *             }
                     *           },
                     *           "price_from": "catalog",
                     *           "provider": "acme"
                     *         },
                     *         {
                     *           "context_window": 128000,
                     *           "id": "house",
                     *           "kind": "chat",
                     *           "max_output_tokens": 16384,
                     *           "price": {
                     *             "cache_read": "1.25",
                     *             "input": "2.5",
                     *             "output": "10",
                     *             "priority": {
                     *               "cache_read": "2.125",
                     *               "input": "4.25",
                     *               "output": "17"
                     *             }
                     *           },
                     *           "price_from": "catalog",
                     *           "provider": "acme",
                     *           "upstream_model": "gpt-4o"
                     *         },
                     *         {
                     *           "context_window": 128000,
                     *           "display_name": "Our tuned model",
                     *           "id": "tuned",
                     *           "kind": "chat",
                     *           "max_output_tokens": null,
                     *           "price": {
                     *             "input": "3.75",
                     *             "output": "15"
                     *           },
                     *           "provider": "acme",
                     *           "upstream_model": "ft:gpt-4o:acme"
                     *         }
                     *       ],
                     *       "providers": [
                     *         {
                     *           "id": "acme",
                     *           "keys": [
                     *             {
                     *               "daily_quota": 5000000,
                     *               "id": "uk_01a0c4506c0b70008000000000000001",
                     *               "stored": true,
                     *               "weight": 2
                     *             },
                     *             {
                     *               "daily_quota": 1000000,
                     *               "id": "uk_01a0c4506c0b70008000000000000002",
                     *               "name": "Shared",
                     *               "stored": true
                     *             }
                     *           ],
                     *           "kind": "openai",
                     *           "name": "Acme",
                     *           "price_factor_ppm": 900000
                     *         }
                     *       ],
                     *       "routes": [
                     *         {
                     *           "cache": {
                     *             "mode": "exact",
                     *             "ttl_seconds": 600
                     *           },
                     *           "hedge_seconds": 2.5,
                     *           "id": "smart",
                     *           "targets": [
                     *             {
                     *               "model": "house",
                     *               "provider": "acme"
                     *             },
                     *             {
                     *               "model": "gpt-4o-mini",
                     *               "provider": "acme"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "teams": [
                     *         {
                     *           "allowed_models": [
                     *             "smart",
                     *             "gpt-*"
                     *           ],
                     *           "id": "red",
                     *           "limits": {
                     *             "budgets": [
                     *               {
                     *                 "period": "month",
                     *                 "usd": "250"
                     *               }
                     *             ],
                     *             "requests_per_minute": 600
                     *           },
                     *           "name": "Reds"
                     *         }
                     *       ],
                     *       "version": 1
                     *     }
                     */
                    "application/json": unknown;
                    "application/yaml": unknown;
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    apply_configuration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "document": "providers:\n  - id: mistral\n    kind: mistral\n    api_key: env:MISTRAL_API_KEY\n",
                 *       "variables": {
                 *         "MISTRAL_API_KEY": "an example, not a key"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ConfigurationApplyIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changed": true,
                     *       "keys": [],
                     *       "number": 19,
                     *       "release": "0000000000000000000000000000000000000000000000000000000000000001"
                     *     }
                     */
                    "application/json": components["schemas"]["ConfigurationApplied"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    plan_configuration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "document": "providers:\n  - id: mistral\n    kind: mistral\n    api_key: env:MISTRAL_API_KEY\n",
                 *       "variables": {
                 *         "MISTRAL_API_KEY": "an example, not a key"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ConfigurationIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changes": [
                     *         {
                     *           "after": {
                     *             "active": true,
                     *             "allow_private": false,
                     *             "base_url": null,
                     *             "default_parameters": {},
                     *             "denied_betas": [],
                     *             "extra_headers": {},
                     *             "id": "mistral",
                     *             "kind": "mistral",
                     *             "name": "mistral",
                     *             "paused_until": null,
                     *             "price_factor_ppm": 1000000,
                     *             "prices": [],
                     *             "timeouts": {
                     *               "connect": 5,
                     *               "first_byte": 300,
                     *               "idle": 120,
                     *               "total": 890
                     *             }
                     *           },
                     *           "before": null,
                     *           "id": "mistral",
                     *           "noun": "provider",
                     *           "path": "providers[0]"
                     *         },
                     *         {
                     *           "after": {
                     *             "active": true,
                     *             "daily_quota": 0,
                     *             "hint": "****_KEY",
                     *             "id": "mistral:default",
                     *             "name": null,
                     *             "provider": "mistral",
                     *             "reference": null,
                     *             "source": "sealed",
                     *             "weight": 1
                     *           },
                     *           "before": null,
                     *           "id": "mistral:default",
                     *           "noun": "upstream_key",
                     *           "path": "providers[0].api_key"
                     *         }
                     *       ],
                     *       "fingerprint": "0000000000000000000000000000000000000000000000000000000000000001",
                     *       "missing": [],
                     *       "number": 18,
                     *       "warnings": []
                     *     }
                     */
                    "application/json": components["schemas"]["ConfigurationPlan"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_end_users: {
        parameters: {
            query?: {
                /** @description Part of the id or the name, any case */
                q?: string | null;
                /** @description Only what is switched on, or only what is not */
                active?: boolean | null;
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "active": true,
                     *           "allowed_models": [],
                     *           "allowed_providers": [],
                     *           "id": "ann@example.com",
                     *           "limits": {
                     *             "budgets": [
                     *               {
                     *                 "period": "month",
                     *                 "reset_day": 1,
                     *                 "reset_time": "00:00",
                     *                 "timezone": "UTC",
                     *                 "usd": "250"
                     *               }
                     *             ],
                     *             "concurrent": null,
                     *             "requests_per_minute": 600,
                     *             "tokens_per_minute": null
                     *           },
                     *           "name": "Ann B.",
                     *           "token_balance": false,
                     *           "updated_at": 1790000000239,
                     *           "valid_until": null,
                     *           "version": 2
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Page_EndUserOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_end_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "ann@example.com",
                 *       "limits": {
                 *         "budgets": [
                 *           {
                 *             "period": "month",
                 *             "usd": "250"
                 *           }
                 *         ],
                 *         "requests_per_minute": 600
                 *       },
                 *       "name": "Ann"
                 *     }
                 */
                "application/json": components["schemas"]["EndUserIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allowed_models": [],
                     *       "allowed_providers": [],
                     *       "id": "ann@example.com",
                     *       "limits": {
                     *         "budgets": [
                     *           {
                     *             "period": "month",
                     *             "reset_day": 1,
                     *             "reset_time": "00:00",
                     *             "timezone": "UTC",
                     *             "usd": "250"
                     *           }
                     *         ],
                     *         "concurrent": null,
                     *         "requests_per_minute": 600,
                     *         "tokens_per_minute": null
                     *       },
                     *       "name": "Ann",
                     *       "token_balance": false,
                     *       "updated_at": 1790000000234,
                     *       "valid_until": null,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["EndUserOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_end_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allowed_models": [],
                     *       "allowed_providers": [],
                     *       "id": "ann@example.com",
                     *       "limits": {
                     *         "budgets": [
                     *           {
                     *             "period": "month",
                     *             "reset_day": 1,
                     *             "reset_time": "00:00",
                     *             "timezone": "UTC",
                     *             "usd": "250"
                     *           }
                     *         ],
                     *         "concurrent": null,
                     *         "requests_per_minute": 600,
                     *         "tokens_per_minute": null
                     *       },
                     *       "name": "Ann B.",
                     *       "token_balance": false,
                     *       "updated_at": 1790000000239,
                     *       "valid_until": null,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["EndUserOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_end_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_end_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "active": true,
                 *       "name": "Ann B."
                 *     }
                 */
                "application/json": components["schemas"]["EndUserPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allowed_models": [],
                     *       "allowed_providers": [],
                     *       "id": "ann@example.com",
                     *       "limits": {
                     *         "budgets": [
                     *           {
                     *             "period": "month",
                     *             "reset_day": 1,
                     *             "reset_time": "00:00",
                     *             "timezone": "UTC",
                     *             "usd": "250"
                     *           }
                     *         ],
                     *         "concurrent": null,
                     *         "requests_per_minute": 600,
                     *         "tokens_per_minute": null
                     *       },
                     *       "name": "Ann B.",
                     *       "token_balance": false,
                     *       "updated_at": 1790000000239,
                     *       "valid_until": null,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["EndUserOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_balance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "available": 100000,
                     *       "granted": 0,
                     *       "held": 0,
                     *       "limit": 500000,
                     *       "used": 0
                     *     }
                     */
                    "application/json": components["schemas"]["BalanceOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    change_balance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "amount": 100000,
                 *       "id": "invoice-2026-0042"
                 *     }
                 */
                "application/json": components["schemas"]["BalanceIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "available": 100000,
                     *       "granted": 0,
                     *       "held": 0,
                     *       "limit": null,
                     *       "used": 0
                     *     }
                     */
                    "application/json": components["schemas"]["BalanceOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    limit_balance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "limit": 500000
                 *     }
                 */
                "application/json": components["schemas"]["BalanceLimitIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "available": 100000,
                     *       "granted": 0,
                     *       "held": 0,
                     *       "limit": 500000,
                     *       "used": 0
                     *     }
                     */
                    "application/json": components["schemas"]["BalanceOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_balance_history: {
        parameters: {
            query?: {
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "admin": "usr_01a0c4506c0b70008000000000000001",
                     *           "amount": 100000,
                     *           "at": 1790000000261,
                     *           "id": "invoice-2026-0042",
                     *           "model": null,
                     *           "reason": "admin_top_up",
                     *           "request_id": null
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": null
                     *     }
                     */
                    "application/json": components["schemas"]["Page_EntryOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_end_user_limits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ann@example.com",
                     *       "known": true,
                     *       "limits": [
                     *         {
                     *           "held": 0,
                     *           "limit": 600,
                     *           "name": "requests",
                     *           "remaining": 600,
                     *           "reset": null,
                     *           "unit": "requests",
                     *           "used": 0
                     *         },
                     *         {
                     *           "held": 0,
                     *           "limit": 250000000000,
                     *           "name": "month",
                     *           "remaining": 250000000000,
                     *           "reset": 1790812800000,
                     *           "unit": "nano_usd",
                     *           "used": 0
                     *         }
                     *       ],
                     *       "name": "Ann B.",
                     *       "running": null,
                     *       "scope": "user"
                     *     }
                     */
                    "application/json": components["schemas"]["ScopeOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    reset_end_user_limit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "month"
                 *     }
                 */
                "application/json": components["schemas"]["ResetIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ann@example.com",
                     *       "known": true,
                     *       "limits": [
                     *         {
                     *           "held": 0,
                     *           "limit": 600,
                     *           "name": "requests",
                     *           "remaining": 600,
                     *           "reset": null,
                     *           "unit": "requests",
                     *           "used": 0
                     *         },
                     *         {
                     *           "held": 0,
                     *           "limit": 250000000000,
                     *           "name": "month",
                     *           "remaining": 250000000000,
                     *           "reset": 1790812800000,
                     *           "unit": "nano_usd",
                     *           "used": 0
                     *         }
                     *       ],
                     *       "name": "Ann B.",
                     *       "running": null,
                     *       "scope": "user"
                     *     }
                     */
                    "application/json": components["schemas"]["ScopeOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_guardrails: {
        parameters: {
            query?: {
                /** @description Part of the id or name, any case */
                q?: string | null;
                /** @description Only those of this kind */
                kind?: ("deny" | "pii" | "max_input" | "moderation") | null;
                /** @description Only what is switched on, or only what is not */
                active?: boolean | null;
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "action": "mask",
                     *           "active": true,
                     *           "categories": [],
                     *           "everywhere": false,
                     *           "id": "no-cards",
                     *           "keywords": [],
                     *           "kind": "pii",
                     *           "max_characters": null,
                     *           "max_tokens": null,
                     *           "message": null,
                     *           "model": null,
                     *           "name": "Cards and accounts",
                     *           "notes": null,
                     *           "patterns": [],
                     *           "pii": [
                     *             "credit_card",
                     *             "iban"
                     *           ],
                     *           "roles": [
                     *             "system",
                     *             "user",
                     *             "assistant"
                     *           ],
                     *           "stages": [
                     *             "input",
                     *             "output"
                     *           ],
                     *           "threshold": null,
                     *           "updated_at": 1790000000146,
                     *           "version": 2
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Page_GuardrailOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_guardrail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "mask",
                 *       "id": "no-cards",
                 *       "kind": "pii",
                 *       "pii": [
                 *         "credit_card",
                 *         "iban"
                 *       ],
                 *       "stages": [
                 *         "input",
                 *         "output"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["GuardrailIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "mask",
                     *       "active": true,
                     *       "categories": [],
                     *       "everywhere": false,
                     *       "id": "no-cards",
                     *       "keywords": [],
                     *       "kind": "pii",
                     *       "max_characters": null,
                     *       "max_tokens": null,
                     *       "message": null,
                     *       "model": null,
                     *       "name": null,
                     *       "notes": null,
                     *       "patterns": [],
                     *       "pii": [
                     *         "credit_card",
                     *         "iban"
                     *       ],
                     *       "roles": [
                     *         "system",
                     *         "user",
                     *         "assistant"
                     *       ],
                     *       "stages": [
                     *         "input",
                     *         "output"
                     *       ],
                     *       "threshold": null,
                     *       "updated_at": 1790000000139,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["GuardrailOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    try_guardrail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "guardrail": "no-cards",
                 *       "stage": "input",
                 *       "text": "My card is 4111 1111 1111 1111."
                 *     }
                 */
                "application/json": components["schemas"]["TryIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "mask",
                     *       "matches": [
                     *         {
                     *           "end": 30,
                     *           "sort": "credit_card",
                     *           "start": 11
                     *         }
                     *       ],
                     *       "text": "My card is [credit_card]."
                     *     }
                     */
                    "application/json": components["schemas"]["TryOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_guardrail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "mask",
                     *       "active": true,
                     *       "categories": [],
                     *       "everywhere": false,
                     *       "id": "no-cards",
                     *       "keywords": [],
                     *       "kind": "pii",
                     *       "max_characters": null,
                     *       "max_tokens": null,
                     *       "message": null,
                     *       "model": null,
                     *       "name": "Cards and accounts",
                     *       "notes": null,
                     *       "patterns": [],
                     *       "pii": [
                     *         "credit_card",
                     *         "iban"
                     *       ],
                     *       "roles": [
                     *         "system",
                     *         "user",
                     *         "assistant"
                     *       ],
                     *       "stages": [
                     *         "input",
                     *         "output"
                     *       ],
                     *       "threshold": null,
                     *       "updated_at": 1790000000146,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["GuardrailOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_guardrail: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_guardrail: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Cards and accounts"
                 *     }
                 */
                "application/json": components["schemas"]["GuardrailPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "action": "mask",
                     *       "active": true,
                     *       "categories": [],
                     *       "everywhere": false,
                     *       "id": "no-cards",
                     *       "keywords": [],
                     *       "kind": "pii",
                     *       "max_characters": null,
                     *       "max_tokens": null,
                     *       "message": null,
                     *       "model": null,
                     *       "name": "Cards and accounts",
                     *       "notes": null,
                     *       "patterns": [],
                     *       "pii": [
                     *         "credit_card",
                     *         "iban"
                     *       ],
                     *       "roles": [
                     *         "system",
                     *         "user",
                     *         "assistant"
                     *       ],
                     *       "stages": [
                     *         "input",
                     *         "output"
                     *       ],
                     *       "threshold": null,
                     *       "updated_at": 1790000000146,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["GuardrailOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "providers": [
                     *         {
                     *           "id": "acme",
                     *           "keys": [
                     *             {
                     *               "daily_quota": 5000000,
                     *               "hint": "the-****iven",
                     *               "id": "uk_01a0c4506c0b70008000000000000001",
                     *               "reason": null,
                     *               "state": "ok",
                     *               "until": null,
                     *               "used_tokens": 0,
                     *               "window_ends": null
                     *             },
                     *             {
                     *               "daily_quota": 1000000,
                     *               "hint": "the-****hare",
                     *               "id": "uk_01a0c4506c0b70008000000000000002",
                     *               "reason": null,
                     *               "state": "ok",
                     *               "until": null,
                     *               "used_tokens": 0,
                     *               "window_ends": null
                     *             }
                     *           ],
                     *           "kind": "openai",
                     *           "name": "Acme",
                     *           "paused_until": null,
                     *           "reason": null,
                     *           "state": "ok",
                     *           "targets": [
                     *             {
                     *               "bad": 0,
                     *               "breaker": "closed",
                     *               "last_fault": null,
                     *               "last_fault_at": null,
                     *               "model": "ft:gpt-4o:acme",
                     *               "ok": 0,
                     *               "p50_ms": null,
                     *               "p95_ms": null,
                     *               "p99_ms": null,
                     *               "until": null
                     *             },
                     *             {
                     *               "bad": 0,
                     *               "breaker": "closed",
                     *               "last_fault": null,
                     *               "last_fault_at": null,
                     *               "model": "gpt-4o",
                     *               "ok": 0,
                     *               "p50_ms": null,
                     *               "p95_ms": null,
                     *               "p99_ms": null,
                     *               "until": null
                     *             },
                     *             {
                     *               "bad": 0,
                     *               "breaker": "closed",
                     *               "last_fault": null,
                     *               "last_fault_at": null,
                     *               "model": "gpt-4o-mini",
                     *               "ok": 0,
                     *               "p50_ms": null,
                     *               "p95_ms": null,
                     *               "p99_ms": null,
                     *               "until": null
                     *             },
                     *             {
                     *               "bad": 0,
                     *               "breaker": "closed",
                     *               "last_fault": null,
                     *               "last_fault_at": null,
                     *               "model": "house",
                     *               "ok": 0,
                     *               "p50_ms": null,
                     *               "p95_ms": null,
                     *               "p99_ms": null,
                     *               "until": null
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "taken_at": 1790000000427
                     *     }
                     */
                    "application/json": components["schemas"]["HealthOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_invitations: {
        parameters: {
            query?: {
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "created_at": 1790000000557,
                     *           "created_by": "usr_01a0c4506c0b70008000000000000002",
                     *           "expires_at": 1790086400557,
                     *           "id": "inv_01a0c4506c0b70008000000000000001",
                     *           "note": "Lee, for the shop",
                     *           "role": "user",
                     *           "state": "open",
                     *           "used_at": null,
                     *           "used_by": null
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Page_InvitationOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expires_in_hours": 24,
                 *       "note": "Lee, for the shop",
                 *       "role": "user"
                 *     }
                 */
                "application/json": components["schemas"]["InvitationIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": 1790000000557,
                     *       "created_by": "usr_01a0c4506c0b70008000000000000002",
                     *       "expires_at": 1790086400557,
                     *       "id": "inv_01a0c4506c0b70008000000000000001",
                     *       "note": "Lee, for the shop",
                     *       "role": "user",
                     *       "state": "open",
                     *       "token": "shown-once-and-kept-by-whoever-is-invited",
                     *       "used_at": null,
                     *       "used_by": null
                     *     }
                     */
                    "application/json": components["schemas"]["InvitationCreated"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_keys: {
        parameters: {
            query?: {
                /** @description Part of the name, any case */
                q?: string | null;
                /** @description Only what is switched on, or only what is not */
                active?: boolean | null;
                /** @description Playground keys, which are on no list else */
                playground?: boolean;
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "active": true,
                     *           "allowed_models": [
                     *             "smart"
                     *           ],
                     *           "allowed_providers": [],
                     *           "created_at": 1790000000275,
                     *           "durable": false,
                     *           "hint": "sk-gw-****jgXc",
                     *           "id": "key_01a0c4506c0b70008000000000000001",
                     *           "ip_allow": [
                     *             "192.0.2.0/24"
                     *           ],
                     *           "limits": {
                     *             "budgets": [
                     *               {
                     *                 "period": "month",
                     *                 "reset_day": 1,
                     *                 "reset_time": "00:00",
                     *                 "timezone": "UTC",
                     *                 "usd": "250"
                     *               }
                     *             ],
                     *             "concurrent": null,
                     *             "requests_per_minute": 600,
                     *             "tokens_per_minute": null
                     *           },
                     *           "log_ttl_days": null,
                     *           "name": "CI of the shop",
                     *           "record_bodies": false,
                     *           "team_id": "red",
                     *           "updated_at": 1790000000282,
                     *           "user_id": null,
                     *           "valid_until": 1792592000000,
                     *           "version": 2
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Page_KeyOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "allowed_models": [
                 *         "smart"
                 *       ],
                 *       "limits": {
                 *         "budgets": [
                 *           {
                 *             "period": "month",
                 *             "usd": "250"
                 *           }
                 *         ],
                 *         "requests_per_minute": 600
                 *       },
                 *       "name": "CI of the shop",
                 *       "team_id": "red"
                 *     }
                 */
                "application/json": components["schemas"]["KeyIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allowed_models": [
                     *         "smart"
                     *       ],
                     *       "allowed_providers": [],
                     *       "created_at": 1790000000275,
                     *       "durable": false,
                     *       "hint": "sk-gw-****jgXc",
                     *       "id": "key_01a0c4506c0b70008000000000000001",
                     *       "ip_allow": [],
                     *       "limits": {
                     *         "budgets": [
                     *           {
                     *             "period": "month",
                     *             "reset_day": 1,
                     *             "reset_time": "00:00",
                     *             "timezone": "UTC",
                     *             "usd": "250"
                     *           }
                     *         ],
                     *         "concurrent": null,
                     *         "requests_per_minute": 600,
                     *         "tokens_per_minute": null
                     *       },
                     *       "log_ttl_days": null,
                     *       "name": "CI of the shop",
                     *       "record_bodies": false,
                     *       "secret": "sk-gw-shown-once-and-kept-by-you",
                     *       "team_id": "red",
                     *       "updated_at": 1790000000277,
                     *       "user_id": null,
                     *       "valid_until": null,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["KeyCreated"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allowed_models": [
                     *         "smart"
                     *       ],
                     *       "allowed_providers": [],
                     *       "created_at": 1790000000275,
                     *       "durable": false,
                     *       "hint": "sk-gw-****jgXc",
                     *       "id": "key_01a0c4506c0b70008000000000000001",
                     *       "ip_allow": [
                     *         "192.0.2.0/24"
                     *       ],
                     *       "limits": {
                     *         "budgets": [
                     *           {
                     *             "period": "month",
                     *             "reset_day": 1,
                     *             "reset_time": "00:00",
                     *             "timezone": "UTC",
                     *             "usd": "250"
                     *           }
                     *         ],
                     *         "concurrent": null,
                     *         "requests_per_minute": 600,
                     *         "tokens_per_minute": null
                     *       },
                     *       "log_ttl_days": null,
                     *       "name": "CI of the shop",
                     *       "record_bodies": false,
                     *       "team_id": "red",
                     *       "updated_at": 1790000000282,
                     *       "user_id": null,
                     *       "valid_until": 1792592000000,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["KeyOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ip_allow": [
                 *         "192.0.2.0/24"
                 *       ],
                 *       "valid_until": 1792592000000
                 *     }
                 */
                "application/json": components["schemas"]["KeyPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allowed_models": [
                     *         "smart"
                     *       ],
                     *       "allowed_providers": [],
                     *       "created_at": 1790000000275,
                     *       "durable": false,
                     *       "hint": "sk-gw-****jgXc",
                     *       "id": "key_01a0c4506c0b70008000000000000001",
                     *       "ip_allow": [
                     *         "192.0.2.0/24"
                     *       ],
                     *       "limits": {
                     *         "budgets": [
                     *           {
                     *             "period": "month",
                     *             "reset_day": 1,
                     *             "reset_time": "00:00",
                     *             "timezone": "UTC",
                     *             "usd": "250"
                     *           }
                     *         ],
                     *         "concurrent": null,
                     *         "requests_per_minute": 600,
                     *         "tokens_per_minute": null
                     *       },
                     *       "log_ttl_days": null,
                     *       "name": "CI of the shop",
                     *       "record_bodies": false,
                     *       "team_id": "red",
                     *       "updated_at": 1790000000282,
                     *       "user_id": null,
                     *       "valid_until": 1792592000000,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["KeyOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_key_limits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "key_01a0c4506c0b70008000000000000001",
                     *       "known": true,
                     *       "limits": [
                     *         {
                     *           "held": 0,
                     *           "limit": 600,
                     *           "name": "requests",
                     *           "remaining": 600,
                     *           "reset": null,
                     *           "unit": "requests",
                     *           "used": 0
                     *         },
                     *         {
                     *           "held": 0,
                     *           "limit": 250000000000,
                     *           "name": "month",
                     *           "remaining": 250000000000,
                     *           "reset": 1790812800000,
                     *           "unit": "nano_usd",
                     *           "used": 0
                     *         }
                     *       ],
                     *       "name": "CI of the shop",
                     *       "running": null,
                     *       "scope": "key",
                     *       "team": {
                     *         "id": "red",
                     *         "known": true,
                     *         "limits": [
                     *           {
                     *             "held": 0,
                     *             "limit": 600,
                     *             "name": "requests",
                     *             "remaining": 600,
                     *             "reset": null,
                     *             "unit": "requests",
                     *             "used": 0
                     *           },
                     *           {
                     *             "held": 0,
                     *             "limit": 250000000000,
                     *             "name": "month",
                     *             "remaining": 250000000000,
                     *             "reset": 1790812800000,
                     *             "unit": "nano_usd",
                     *             "used": 0
                     *           }
                     *         ],
                     *         "name": "Reds",
                     *         "running": null,
                     *         "scope": "team"
                     *       },
                     *       "user": null
                     *     }
                     */
                    "application/json": components["schemas"]["KeyScopesOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    reset_key_limit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "month"
                 *     }
                 */
                "application/json": components["schemas"]["ResetIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "key_01a0c4506c0b70008000000000000001",
                     *       "known": true,
                     *       "limits": [
                     *         {
                     *           "held": 0,
                     *           "limit": 600,
                     *           "name": "requests",
                     *           "remaining": 600,
                     *           "reset": null,
                     *           "unit": "requests",
                     *           "used": 0
                     *         },
                     *         {
                     *           "held": 0,
                     *           "limit": 250000000000,
                     *           "name": "month",
                     *           "remaining": 250000000000,
                     *           "reset": 1790812800000,
                     *           "unit": "nano_usd",
                     *           "used": 0
                     *         }
                     *       ],
                     *       "name": "CI of the shop",
                     *       "running": null,
                     *       "scope": "key"
                     *     }
                     */
                    "application/json": components["schemas"]["ScopeOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_limits: {
        parameters: {
            query: {
                /** @description Whose limits: of a key, a user or a team */
                scope: "key" | "user" | "team";
                /** @description Which one, by its id */
                id: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "red",
                     *           "known": true,
                     *           "limits": [
                     *             {
                     *               "held": 0,
                     *               "limit": 600,
                     *               "name": "requests",
                     *               "remaining": 600,
                     *               "reset": null,
                     *               "unit": "requests",
                     *               "used": 0
                     *             },
                     *             {
                     *               "held": 0,
                     *               "limit": 250000000000,
                     *               "name": "month",
                     *               "remaining": 250000000000,
                     *               "reset": 1790812800000,
                     *               "unit": "nano_usd",
                     *               "used": 0
                     *             }
                     *           ],
                     *           "name": "Reds",
                     *           "running": null,
                     *           "scope": "team"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ScopesOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_logs: {
        parameters: {
            query?: {
                /** @description At or after; default: the retention period */
                from?: number | null;
                /** @description Before */
                to?: number | null;
                /** @description Prefix */
                requested_model?: string | null;
                /** @description Prefix of the model used */
                model?: string | null;
                /** @description Only those of this provider */
                provider?: string | null;
                /** @description Only those that ended so */
                status?: string | null;
                /** @description An error word; `any` = every row with an error, `none` = every row without */
                error?: string | null;
                /** @description `playground` = any key of the playground */
                key_id?: string | null;
                /** @description `~none` = rows without one */
                user_id?: string | null;
                /** @description `~none` = rows without one */
                team_id?: string | null;
                /** @description `~none` = rows without one */
                route?: string | null;
                /** @description The release that served it */
                release?: string | null;
                /** @description Only those of this session */
                session?: string | null;
                /** @description Only streamed ones, or only others */
                stream?: boolean | null;
                /** @description Only copies that nobody waited for, or none of them */
                mirror?: boolean | null;
                /** @description What the cache did; `any` = answered with what was kept */
                cache?: ("off" | "bypass" | "miss" | "hit" | "semantic" | "replay") | "any" | null;
                /** @description This guardrail found something */
                guardrail?: string | null;
                /** @description What a guardrail did */
                guarded?: ("blocked" | "masked" | "annotated") | null;
                /** @description At least so many calls after the first */
                min_retries?: number | null;
                /** @description At most so many calls after the first */
                max_retries?: number | null;
                /** @description Input and output together */
                min_tokens?: number | null;
                /** @description At most so many tokens */
                max_tokens?: number | null;
                /** @description Total duration */
                min_ms?: number | null;
                /** @description At most so many milliseconds */
                max_ms?: number | null;
                /** @description At least this cost, in billionths of a US dollar */
                min_cost_nano?: number | null;
                /** @description At most this cost, in billionths of a US dollar */
                max_cost_nano?: number | null;
                /** @description At most so many */
                limit?: number;
                /** @description `next_cursor` of the page before; left out for the first page */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "cache": "off",
                     *           "cost_nano": null,
                     *           "cost_state": "none",
                     *           "dialect": "openai_chat",
                     *           "error": null,
                     *           "first_byte_ms": null,
                     *           "guardrails": [],
                     *           "id": "req_01a0c4506c0b70008000000000000001",
                     *           "key_id": null,
                     *           "key_name": null,
                     *           "method": "POST",
                     *           "mirror_of": null,
                     *           "model": null,
                     *           "path": "/v1/chat/completions",
                     *           "provider": null,
                     *           "requested_model": "smart",
                     *           "retries": 0,
                     *           "route": null,
                     *           "saved_usd": "0",
                     *           "session": null,
                     *           "state": "done",
                     *           "status": 200,
                     *           "stream": false,
                     *           "team_id": null,
                     *           "time_ms": 1789999940000,
                     *           "tokens": {
                     *             "audio_input": 0,
                     *             "audio_ms_in": 0,
                     *             "audio_ms_out": 0,
                     *             "audio_output": 0,
                     *             "cache_read": 0,
                     *             "cache_write_1h": 0,
                     *             "cache_write_5m": 0,
                     *             "characters": 0,
                     *             "fresh": 0,
                     *             "image_input": 0,
                     *             "image_output": 0,
                     *             "images_in": 0,
                     *             "images_out": 0,
                     *             "input": 0,
                     *             "output": 0,
                     *             "reasoning": 0,
                     *             "searches": 0,
                     *             "source": "none"
                     *           },
                     *           "total_ms": 0,
                     *           "user_id": null,
                     *           "user_name": null
                     *         }
                     *       ],
                     *       "next_cursor": "MXJlcV8wMWEwYzQ1MDZjMGI3MDAwODAwMDAwMDAwMDAwMDAwYQ",
                     *       "total": null
                     *     }
                     */
                    "application/json": components["schemas"]["Page_LogItem_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_log_export: {
        parameters: {
            query?: {
                /** @description At or after; default: the retention period */
                from?: number | null;
                /** @description Before */
                to?: number | null;
                /** @description Prefix */
                requested_model?: string | null;
                /** @description Prefix of the model used */
                model?: string | null;
                /** @description Only those of this provider */
                provider?: string | null;
                /** @description Only those that ended so */
                status?: string | null;
                /** @description An error word; `any` = every row with an error, `none` = every row without */
                error?: string | null;
                /** @description `playground` = any key of the playground */
                key_id?: string | null;
                /** @description `~none` = rows without one */
                user_id?: string | null;
                /** @description `~none` = rows without one */
                team_id?: string | null;
                /** @description `~none` = rows without one */
                route?: string | null;
                /** @description The release that served it */
                release?: string | null;
                /** @description Only those of this session */
                session?: string | null;
                /** @description Only streamed ones, or only others */
                stream?: boolean | null;
                /** @description Only copies that nobody waited for, or none of them */
                mirror?: boolean | null;
                /** @description What the cache did; `any` = answered with what was kept */
                cache?: ("off" | "bypass" | "miss" | "hit" | "semantic" | "replay") | "any" | null;
                /** @description This guardrail found something */
                guardrail?: string | null;
                /** @description What a guardrail did */
                guarded?: ("blocked" | "masked" | "annotated") | null;
                /** @description At least so many calls after the first */
                min_retries?: number | null;
                /** @description At most so many calls after the first */
                max_retries?: number | null;
                /** @description Input and output together */
                min_tokens?: number | null;
                /** @description At most so many tokens */
                max_tokens?: number | null;
                /** @description Total duration */
                min_ms?: number | null;
                /** @description At most so many milliseconds */
                max_ms?: number | null;
                /** @description At least this cost, in billionths of a US dollar */
                min_cost_nano?: number | null;
                /** @description At most this cost, in billionths of a US dollar */
                max_cost_nano?: number | null;
                /** @description Of the file */
                format?: "csv" | "json";
                /** @description At most so many */
                limit?: number;
                /** @description `next_cursor` of the page before; left out for the first page */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    /** @description Goes on with older rows; absent at the end */
                    "x-next-cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "cache": "off",
                     *           "cost_nano": null,
                     *           "cost_state": "none",
                     *           "dialect": "openai_chat",
                     *           "error": null,
                     *           "first_byte_ms": null,
                     *           "guardrails": [],
                     *           "id": "req_01a0c4506c0b70008000000000000001",
                     *           "key_id": null,
                     *           "key_name": null,
                     *           "method": "POST",
                     *           "mirror_of": null,
                     *           "model": null,
                     *           "path": "/v1/chat/completions",
                     *           "provider": null,
                     *           "requested_model": "smart",
                     *           "retries": 0,
                     *           "route": null,
                     *           "saved_usd": "0",
                     *           "session": null,
                     *           "state": "done",
                     *           "status": 200,
                     *           "stream": false,
                     *           "team_id": null,
                     *           "time_ms": 1789999940000,
                     *           "tokens": {
                     *             "audio_input": 0,
                     *             "audio_ms_in": 0,
                     *             "audio_ms_out": 0,
                     *             "audio_output": 0,
                     *             "cache_read": 0,
                     *             "cache_write_1h": 0,
                     *             "cache_write_5m": 0,
                     *             "characters": 0,
                     *             "fresh": 0,
                     *             "image_input": 0,
                     *             "image_output": 0,
                     *             "images_in": 0,
                     *             "images_out": 0,
                     *             "input": 0,
                     *             "output": 0,
                     *             "reasoning": 0,
                     *             "searches": 0,
                     *             "source": "none"
                     *           },
                     *           "total_ms": 0,
                     *           "user_id": null,
                     *           "user_name": null
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["LogPart"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_log_timeline: {
        parameters: {
            query?: {
                /** @description At or after; default: the retention period */
                from?: number | null;
                /** @description Before */
                to?: number | null;
                /** @description Prefix */
                requested_model?: string | null;
                /** @description Prefix of the model used */
                model?: string | null;
                /** @description Only those of this provider */
                provider?: string | null;
                /** @description Only those that ended so */
                status?: string | null;
                /** @description An error word; `any` = every row with an error, `none` = every row without */
                error?: string | null;
                /** @description `playground` = any key of the playground */
                key_id?: string | null;
                /** @description `~none` = rows without one */
                user_id?: string | null;
                /** @description `~none` = rows without one */
                team_id?: string | null;
                /** @description `~none` = rows without one */
                route?: string | null;
                /** @description The release that served it */
                release?: string | null;
                /** @description Only those of this session */
                session?: string | null;
                /** @description Only streamed ones, or only others */
                stream?: boolean | null;
                /** @description Only copies that nobody waited for, or none of them */
                mirror?: boolean | null;
                /** @description What the cache did; `any` = answered with what was kept */
                cache?: ("off" | "bypass" | "miss" | "hit" | "semantic" | "replay") | "any" | null;
                /** @description This guardrail found something */
                guardrail?: string | null;
                /** @description What a guardrail did */
                guarded?: ("blocked" | "masked" | "annotated") | null;
                /** @description At least so many calls after the first */
                min_retries?: number | null;
                /** @description At most so many calls after the first */
                max_retries?: number | null;
                /** @description Input and output together */
                min_tokens?: number | null;
                /** @description At most so many tokens */
                max_tokens?: number | null;
                /** @description Total duration */
                min_ms?: number | null;
                /** @description At most so many milliseconds */
                max_ms?: number | null;
                /** @description At least this cost, in billionths of a US dollar */
                min_cost_nano?: number | null;
                /** @description At most this cost, in billionths of a US dollar */
                max_cost_nano?: number | null;
                /** @description In how many parts the time is cut */
                bars?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bars": [
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789912800000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789916400000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789920000000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789923600000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789927200000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789930800000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789934400000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789938000000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789941600000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789945200000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789948800000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789952400000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789956000000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789959600000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789963200000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789966800000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789970400000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789974000000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789977600000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789981200000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789984800000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789988400000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789992000000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789995600000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1789999200000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790002800000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790006400000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790010000000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790013600000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790017200000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790020800000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790024400000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790028000000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790031600000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790035200000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790038800000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790042400000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790046000000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790049600000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790053200000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790056800000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790060400000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790064000000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790067600000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790071200000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790074800000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790078400000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790082000000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         },
                     *         {
                     *           "errors": 0,
                     *           "mirrors": 0,
                     *           "other": 0,
                     *           "requests": 0,
                     *           "running": 0,
                     *           "start": 1790085600000,
                     *           "status_2xx": 0,
                     *           "status_3xx": 0,
                     *           "status_4xx": 0,
                     *           "status_5xx": 0
                     *         }
                     *       ],
                     *       "complete": true,
                     *       "counted_from": 1789912800000,
                     *       "from": 1789912800000,
                     *       "source": "figures",
                     *       "step_ms": 3600000,
                     *       "to": 1790089200000
                     *     }
                     */
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_log: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "agent": null,
                     *       "attempts": [],
                     *       "body_stored": false,
                     *       "cache": "off",
                     *       "candidates": 0,
                     *       "client": null,
                     *       "correlation_id": null,
                     *       "cost_nano": null,
                     *       "cost_state": "none",
                     *       "dialect": "openai_chat",
                     *       "error": null,
                     *       "error_message": null,
                     *       "expires_at": 1790009999000,
                     *       "first_byte_ms": null,
                     *       "guardrails": [],
                     *       "id": "req_01a0c4506c0b70008000000000000001",
                     *       "ip": null,
                     *       "key_id": null,
                     *       "key_name": null,
                     *       "losses": [],
                     *       "method": "POST",
                     *       "mirror_of": null,
                     *       "model": null,
                     *       "path": "/v1/chat/completions",
                     *       "price_source": null,
                     *       "provider": null,
                     *       "release": null,
                     *       "request_body": null,
                     *       "request_headers": {},
                     *       "requested_model": "smart",
                     *       "response_body": null,
                     *       "retries": 0,
                     *       "route": null,
                     *       "saved_usd": "0",
                     *       "session": null,
                     *       "state": "done",
                     *       "status": 200,
                     *       "stream": false,
                     *       "team_id": null,
                     *       "time_ms": 1789999940000,
                     *       "tokens": {
                     *         "audio_input": 0,
                     *         "audio_ms_in": 0,
                     *         "audio_ms_out": 0,
                     *         "audio_output": 0,
                     *         "cache_read": 0,
                     *         "cache_write_1h": 0,
                     *         "cache_write_5m": 0,
                     *         "characters": 0,
                     *         "fresh": 0,
                     *         "image_input": 0,
                     *         "image_output": 0,
                     *         "images_in": 0,
                     *         "images_out": 0,
                     *         "input": 0,
                     *         "output": 0,
                     *         "reasoning": 0,
                     *         "searches": 0,
                     *         "source": "none"
                     *       },
                     *       "total_ms": 0,
                     *       "upstream_key_id": null,
                     *       "upstream_model": null,
                     *       "upstream_request_id": null,
                     *       "user_id": null,
                     *       "user_name": null
                     *     }
                     */
                    "application/json": components["schemas"]["LogDetail"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    stop_request: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_models: {
        parameters: {
            query?: {
                /** @description Part of the id or the name, any case */
                q?: string | null;
                /** @description Only those of this provider */
                provider?: string | null;
                /** @description Only what is switched on, or only what is not */
                active?: boolean | null;
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "active": true,
                     *           "context_window": 128000,
                     *           "display_name": "Our tuned model",
                     *           "effective_price": {
                     *             "audio_input": null,
                     *             "audio_output": null,
                     *             "cache_read": null,
                     *             "cache_write_1h": null,
                     *             "cache_write_5m": null,
                     *             "flex": null,
                     *             "image_input": null,
                     *             "image_output": null,
                     *             "input": "3.75",
                     *             "output": "15",
                     *             "per_character": null,
                     *             "per_image_input": null,
                     *             "per_image_output": null,
                     *             "per_second_input": null,
                     *             "per_second_output": null,
                     *             "pictures": null,
                     *             "priority": null,
                     *             "reasoning": null,
                     *             "request": "0",
                     *             "tiers": []
                     *           },
                     *           "id": "tuned",
                     *           "kind": "chat",
                     *           "max_output_tokens": null,
                     *           "price": {
                     *             "audio_input": null,
                     *             "audio_output": null,
                     *             "cache_read": null,
                     *             "cache_write_1h": null,
                     *             "cache_write_5m": null,
                     *             "flex": null,
                     *             "image_input": null,
                     *             "image_output": null,
                     *             "input": "3.75",
                     *             "output": "15",
                     *             "per_character": null,
                     *             "per_image_input": null,
                     *             "per_image_output": null,
                     *             "per_second_input": null,
                     *             "per_second_output": null,
                     *             "pictures": null,
                     *             "priority": null,
                     *             "reasoning": null,
                     *             "request": "0",
                     *             "tiers": []
                     *           },
                     *           "price_source": "model",
                     *           "provider": "acme",
                     *           "updated_at": 1790000000126,
                     *           "upstream_model": "ft:gpt-4o:acme",
                     *           "version": 2
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Page_ModelOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_model: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "tuned",
                 *       "price": {
                 *         "input": "3.75",
                 *         "output": "15"
                 *       },
                 *       "provider": "acme",
                 *       "upstream_model": "ft:gpt-4o:acme"
                 *     }
                 */
                "application/json": components["schemas"]["ModelIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "context_window": null,
                     *       "display_name": null,
                     *       "effective_price": {
                     *         "audio_input": null,
                     *         "audio_output": null,
                     *         "cache_read": null,
                     *         "cache_write_1h": null,
                     *         "cache_write_5m": null,
                     *         "flex": null,
                     *         "image_input": null,
                     *         "image_output": null,
                     *         "input": "3.75",
                     *         "output": "15",
                     *         "per_character": null,
                     *         "per_image_input": null,
                     *         "per_image_output": null,
                     *         "per_second_input": null,
                     *         "per_second_output": null,
                     *         "pictures": null,
                     *         "priority": null,
                     *         "reasoning": null,
                     *         "request": "0",
                     *         "tiers": []
                     *       },
                     *       "id": "tuned",
                     *       "kind": "chat",
                     *       "max_output_tokens": null,
                     *       "price": {
                     *         "audio_input": null,
                     *         "audio_output": null,
                     *         "cache_read": null,
                     *         "cache_write_1h": null,
                     *         "cache_write_5m": null,
                     *         "flex": null,
                     *         "image_input": null,
                     *         "image_output": null,
                     *         "input": "3.75",
                     *         "output": "15",
                     *         "per_character": null,
                     *         "per_image_input": null,
                     *         "per_image_output": null,
                     *         "per_second_input": null,
                     *         "per_second_output": null,
                     *         "pictures": null,
                     *         "priority": null,
                     *         "reasoning": null,
                     *         "request": "0",
                     *         "tiers": []
                     *       },
                     *       "price_source": "model",
                     *       "provider": "acme",
                     *       "updated_at": 1790000000119,
                     *       "upstream_model": "ft:gpt-4o:acme",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ModelOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "context_window": 128000,
                     *       "display_name": "Our tuned model",
                     *       "effective_price": {
                     *         "audio_input": null,
                     *         "audio_output": null,
                     *         "cache_read": null,
                     *         "cache_write_1h": null,
                     *         "cache_write_5m": null,
                     *         "flex": null,
                     *         "image_input": null,
                     *         "image_output": null,
                     *         "input": "3.75",
                     *         "output": "15",
                     *         "per_character": null,
                     *         "per_image_input": null,
                     *         "per_image_output": null,
                     *         "per_second_input": null,
                     *         "per_second_output": null,
                     *         "pictures": null,
                     *         "priority": null,
                     *         "reasoning": null,
                     *         "request": "0",
                     *         "tiers": []
                     *       },
                     *       "id": "tuned",
                     *       "kind": "chat",
                     *       "max_output_tokens": null,
                     *       "price": {
                     *         "audio_input": null,
                     *         "audio_output": null,
                     *         "cache_read": null,
                     *         "cache_write_1h": null,
                     *         "cache_write_5m": null,
                     *         "flex": null,
                     *         "image_input": null,
                     *         "image_output": null,
                     *         "input": "3.75",
                     *         "output": "15",
                     *         "per_character": null,
                     *         "per_image_input": null,
                     *         "per_image_output": null,
                     *         "per_second_input": null,
                     *         "per_second_output": null,
                     *         "pictures": null,
                     *         "priority": null,
                     *         "reasoning": null,
                     *         "request": "0",
                     *         "tiers": []
                     *       },
                     *       "price_source": "model",
                     *       "provider": "acme",
                     *       "updated_at": 1790000000126,
                     *       "upstream_model": "ft:gpt-4o:acme",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["ModelOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_model: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_model: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "context_window": 128000,
                 *       "display_name": "Our tuned model"
                 *     }
                 */
                "application/json": components["schemas"]["ModelPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "context_window": 128000,
                     *       "display_name": "Our tuned model",
                     *       "effective_price": {
                     *         "audio_input": null,
                     *         "audio_output": null,
                     *         "cache_read": null,
                     *         "cache_write_1h": null,
                     *         "cache_write_5m": null,
                     *         "flex": null,
                     *         "image_input": null,
                     *         "image_output": null,
                     *         "input": "3.75",
                     *         "output": "15",
                     *         "per_character": null,
                     *         "per_image_input": null,
                     *         "per_image_output": null,
                     *         "per_second_input": null,
                     *         "per_second_output": null,
                     *         "pictures": null,
                     *         "priority": null,
                     *         "reasoning": null,
                     *         "request": "0",
                     *         "tiers": []
                     *       },
                     *       "id": "tuned",
                     *       "kind": "chat",
                     *       "max_output_tokens": null,
                     *       "price": {
                     *         "audio_input": null,
                     *         "audio_output": null,
                     *         "cache_read": null,
                     *         "cache_write_1h": null,
                     *         "cache_write_5m": null,
                     *         "flex": null,
                     *         "image_input": null,
                     *         "image_output": null,
                     *         "input": "3.75",
                     *         "output": "15",
                     *         "per_character": null,
                     *         "per_image_input": null,
                     *         "per_image_output": null,
                     *         "per_second_input": null,
                     *         "per_second_output": null,
                     *         "pictures": null,
                     *         "priority": null,
                     *         "reasoning": null,
                     *         "request": "0",
                     *         "tiers": []
                     *       },
                     *       "price_source": "model",
                     *       "provider": "acme",
                     *       "updated_at": 1790000000126,
                     *       "upstream_model": "ft:gpt-4o:acme",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["ModelOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_overview: {
        parameters: {
            query: {
                /** @description Unix time in milliseconds */
                from: number;
                /** @description Unix time in milliseconds */
                to: number;
                /** @description Width of the parts */
                bucket?: "hour" | "day";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bucket": "hour",
                     *       "from": 1789912800000,
                     *       "keys": [],
                     *       "models": [],
                     *       "previous": {
                     *         "cache_hits": 0,
                     *         "cost_nano": 0,
                     *         "errors": 0,
                     *         "first_byte_p50_ms": null,
                     *         "first_byte_p95_ms": null,
                     *         "input_tokens": 0,
                     *         "output_tokens": 0,
                     *         "requests": 0,
                     *         "saved_nano": 0,
                     *         "total_cost_nano": 0,
                     *         "total_p50_ms": null,
                     *         "total_p95_ms": null,
                     *         "unpriced": 0
                     *       },
                     *       "providers": [],
                     *       "series": [
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789912800000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789916400000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789920000000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789923600000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789927200000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789930800000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789934400000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789938000000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789941600000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789945200000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789948800000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789952400000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789956000000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789959600000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789963200000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789966800000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789970400000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789974000000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789977600000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789981200000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789984800000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789988400000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789992000000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789995600000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1789999200000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790002800000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790006400000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790010000000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790013600000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790017200000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790020800000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790024400000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790028000000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790031600000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790035200000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790038800000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790042400000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790046000000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790049600000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790053200000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790056800000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790060400000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790064000000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790067600000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790071200000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790074800000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790078400000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790082000000
                     *         },
                     *         {
                     *           "cost_nano": 0,
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "input_tokens": 0,
                     *           "output_tokens": 0,
                     *           "requests": 0,
                     *           "start": 1790085600000
                     *         }
                     *       ],
                     *       "to": 1790089200000,
                     *       "totals": {
                     *         "cache_hits": 0,
                     *         "cost_nano": 0,
                     *         "errors": 0,
                     *         "first_byte_p50_ms": null,
                     *         "first_byte_p95_ms": null,
                     *         "input_tokens": 0,
                     *         "output_tokens": 0,
                     *         "requests": 0,
                     *         "saved_nano": 0,
                     *         "total_cost_nano": 0,
                     *         "total_p50_ms": null,
                     *         "total_p95_ms": null,
                     *         "unpriced": 0
                     *       },
                     *       "truncated": false
                     *     }
                     */
                    "application/json": components["schemas"]["Overview"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    explain_plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "body": {
                 *         "messages": [
                 *           {
                 *             "content": "Hello",
                 *             "role": "user"
                 *           }
                 *         ]
                 *       },
                 *       "model": "smart",
                 *       "seed": 7
                 *     }
                 */
                "application/json": components["schemas"]["PlanIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "at": 1790000000182,
                     *       "cache": {
                     *         "embedding_model": null,
                     *         "mode": "exact",
                     *         "scope": "team",
                     *         "threshold": 0.95,
                     *         "ttl_seconds": 600
                     *       },
                     *       "canary": null,
                     *       "candidates": [
                     *         {
                     *           "estimate": {
                     *             "assumed": true,
                     *             "counted": true,
                     *             "input_price": 2250000,
                     *             "input_tokens": 9,
                     *             "nano_usd": 4520250,
                     *             "output_price": 9000000,
                     *             "output_tokens": 500,
                     *             "request_price": 0,
                     *             "tier_above": null
                     *           },
                     *           "half_open": false,
                     *           "health": {
                     *             "bad": 0,
                     *             "ok": 0,
                     *             "open_until_ms": 0,
                     *             "p50_ms": null,
                     *             "p95_ms": null,
                     *             "p99_ms": null
                     *           },
                     *           "keys": [
                     *             {
                     *               "hint": "the-****hare",
                     *               "id": "uk_01a0c4506c0b70008000000000000001"
                     *             },
                     *             {
                     *               "hint": "the-****iven",
                     *               "id": "uk_01a0c4506c0b70008000000000000002"
                     *             }
                     *           ],
                     *           "model": "gpt-4o",
                     *           "priority": 0,
                     *           "provider": "acme",
                     *           "role": "target",
                     *           "weight": 1
                     *         },
                     *         {
                     *           "estimate": {
                     *             "assumed": true,
                     *             "counted": true,
                     *             "input_price": 135000,
                     *             "input_tokens": 9,
                     *             "nano_usd": 271215,
                     *             "output_price": 540000,
                     *             "output_tokens": 500,
                     *             "request_price": 0,
                     *             "tier_above": null
                     *           },
                     *           "half_open": false,
                     *           "health": {
                     *             "bad": 0,
                     *             "ok": 0,
                     *             "open_until_ms": 0,
                     *             "p50_ms": null,
                     *             "p95_ms": null,
                     *             "p99_ms": null
                     *           },
                     *           "keys": [
                     *             {
                     *               "hint": "the-****hare",
                     *               "id": "uk_01a0c4506c0b70008000000000000001"
                     *             },
                     *             {
                     *               "hint": "the-****iven",
                     *               "id": "uk_01a0c4506c0b70008000000000000002"
                     *             }
                     *           ],
                     *           "model": "gpt-4o-mini",
                     *           "priority": 0,
                     *           "provider": "acme",
                     *           "role": "target",
                     *           "weight": 1
                     *         }
                     *       ],
                     *       "held_by": null,
                     *       "input_tokens": 9,
                     *       "mirror": null,
                     *       "mirrored_to": null,
                     *       "refusal": null,
                     *       "release": "0000000000000000000000000000000000000000000000000000000000000001",
                     *       "requested": "smart",
                     *       "route": "smart",
                     *       "seed": 7,
                     *       "skipped": [],
                     *       "strategy": "priority",
                     *       "strategy_from": "route",
                     *       "targets": [
                     *         {
                     *           "fault": null,
                     *           "model": "gpt-4o",
                     *           "priority": 0,
                     *           "provider": "acme",
                     *           "reason": null,
                     *           "until_ms": 0,
                     *           "verdict": null,
                     *           "weight": 1
                     *         },
                     *         {
                     *           "fault": null,
                     *           "model": "gpt-4o-mini",
                     *           "priority": 0,
                     *           "provider": "acme",
                     *           "reason": null,
                     *           "until_ms": 0,
                     *           "verdict": null,
                     *           "weight": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PlanOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_playground_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expires_at": 1790003600000,
                     *       "key": "sk-gw-shown-once-and-kept-by-you",
                     *       "key_id": "play_01a0c4506c0b70008000000000000001"
                     *     }
                     */
                    "application/json": components["schemas"]["PlaygroundKey"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_provider_kinds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "https://api.openai.com/v1",
                     *           "dialects": [
                     *             "openai_chat",
                     *             "openai_embeddings",
                     *             "openai_completions",
                     *             "openai_images",
                     *             "openai_speech",
                     *             "openai_transcriptions",
                     *             "openai_responses",
                     *             "openai_moderations"
                     *           ],
                     *           "kind": "openai",
                     *           "needs_key": true,
                     *           "title": "OpenAI"
                     *         },
                     *         {
                     *           "auth": "api-key",
                     *           "base_url": null,
                     *           "dialects": [
                     *             "openai_chat",
                     *             "openai_responses",
                     *             "openai_completions",
                     *             "openai_embeddings",
                     *             "openai_images",
                     *             "openai_speech",
                     *             "openai_transcriptions"
                     *           ],
                     *           "kind": "azure_openai",
                     *           "needs_key": true,
                     *           "title": "Azure OpenAI"
                     *         },
                     *         {
                     *           "auth": "aws",
                     *           "base_url": "https://bedrock-runtime.{region}.amazonaws.com",
                     *           "dialects": [
                     *             "bedrock_converse"
                     *           ],
                     *           "kind": "bedrock",
                     *           "needs_key": false,
                     *           "title": "Amazon Bedrock"
                     *         },
                     *         {
                     *           "auth": "x-api-key",
                     *           "base_url": "https://api.anthropic.com",
                     *           "dialects": [
                     *             "anthropic_messages"
                     *           ],
                     *           "kind": "anthropic",
                     *           "needs_key": true,
                     *           "title": "Anthropic"
                     *         },
                     *         {
                     *           "auth": "x-goog-api-key",
                     *           "base_url": "https://generativelanguage.googleapis.com",
                     *           "dialects": [
                     *             "gemini"
                     *           ],
                     *           "kind": "gemini",
                     *           "needs_key": true,
                     *           "title": "Google Gemini"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "https://api.deepseek.com/v1",
                     *           "dialects": [
                     *             "openai_chat"
                     *           ],
                     *           "kind": "deepseek",
                     *           "needs_key": true,
                     *           "title": "DeepSeek"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "https://api.groq.com/openai/v1",
                     *           "dialects": [
                     *             "openai_chat",
                     *             "openai_responses",
                     *             "openai_speech",
                     *             "openai_transcriptions"
                     *           ],
                     *           "kind": "groq",
                     *           "needs_key": true,
                     *           "title": "Groq"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "https://api.mistral.ai/v1",
                     *           "dialects": [
                     *             "openai_chat",
                     *             "openai_embeddings",
                     *             "openai_moderations",
                     *             "openai_transcriptions"
                     *           ],
                     *           "kind": "mistral",
                     *           "needs_key": true,
                     *           "title": "Mistral"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "https://api.x.ai/v1",
                     *           "dialects": [
                     *             "openai_chat",
                     *             "openai_responses",
                     *             "openai_images"
                     *           ],
                     *           "kind": "xai",
                     *           "needs_key": true,
                     *           "title": "xAI"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "https://openrouter.ai/api/v1",
                     *           "dialects": [
                     *             "openai_chat",
                     *             "openai_completions",
                     *             "openai_responses",
                     *             "anthropic_messages"
                     *           ],
                     *           "kind": "openrouter",
                     *           "needs_key": true,
                     *           "title": "OpenRouter"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "https://api.together.xyz/v1",
                     *           "dialects": [
                     *             "openai_chat",
                     *             "openai_embeddings",
                     *             "openai_completions",
                     *             "openai_images",
                     *             "openai_speech",
                     *             "openai_transcriptions",
                     *             "rerank"
                     *           ],
                     *           "kind": "together",
                     *           "needs_key": true,
                     *           "title": "Together AI"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "https://api.cohere.com",
                     *           "dialects": [
                     *             "openai_embeddings",
                     *             "rerank"
                     *           ],
                     *           "kind": "cohere",
                     *           "needs_key": true,
                     *           "title": "Cohere"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "https://api.voyageai.com/v1",
                     *           "dialects": [
                     *             "openai_embeddings",
                     *             "rerank"
                     *           ],
                     *           "kind": "voyage",
                     *           "needs_key": true,
                     *           "title": "Voyage AI"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "https://api.jina.ai/v1",
                     *           "dialects": [
                     *             "openai_embeddings",
                     *             "rerank"
                     *           ],
                     *           "kind": "jina",
                     *           "needs_key": true,
                     *           "title": "Jina AI"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": "http://127.0.0.1:11434/v1",
                     *           "dialects": [
                     *             "openai_chat",
                     *             "openai_embeddings",
                     *             "openai_completions"
                     *           ],
                     *           "kind": "ollama",
                     *           "needs_key": false,
                     *           "title": "Ollama"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": null,
                     *           "dialects": [
                     *             "openai_chat",
                     *             "openai_embeddings",
                     *             "openai_completions",
                     *             "rerank"
                     *           ],
                     *           "kind": "vllm",
                     *           "needs_key": false,
                     *           "title": "vLLM"
                     *         },
                     *         {
                     *           "auth": "bearer",
                     *           "base_url": null,
                     *           "dialects": [
                     *             "openai_chat",
                     *             "openai_embeddings",
                     *             "openai_completions",
                     *             "openai_images",
                     *             "openai_speech",
                     *             "openai_transcriptions",
                     *             "openai_moderations",
                     *             "rerank"
                     *           ],
                     *           "kind": "openai_compatible",
                     *           "needs_key": false,
                     *           "title": "OpenAI-compatible"
                     *         },
                     *         {
                     *           "auth": "x-api-key",
                     *           "base_url": null,
                     *           "dialects": [
                     *             "anthropic_messages"
                     *           ],
                     *           "kind": "anthropic_compatible",
                     *           "needs_key": false,
                     *           "title": "Anthropic-compatible"
                     *         },
                     *         {
                     *           "auth": "x-goog-api-key",
                     *           "base_url": null,
                     *           "dialects": [
                     *             "gemini"
                     *           ],
                     *           "kind": "gemini_compatible",
                     *           "needs_key": false,
                     *           "title": "Gemini-compatible"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 19
                     *     }
                     */
                    "application/json": components["schemas"]["Page_ProviderKindOut_"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_providers: {
        parameters: {
            query?: {
                /** @description Part of the id or the name, any case */
                q?: string | null;
                /** @description Only what is switched on, or only what is not */
                active?: boolean | null;
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "active": true,
                     *           "allow_private": false,
                     *           "base_url": null,
                     *           "default_parameters": {},
                     *           "denied_betas": [],
                     *           "effective_base_url": "https://api.openai.com/v1",
                     *           "extra_headers": {},
                     *           "id": "acme",
                     *           "keys": [
                     *             {
                     *               "active": true,
                     *               "daily_quota": 5000000,
                     *               "hint": "the-****iven",
                     *               "id": "uk_01a0c4506c0b70008000000000000001",
                     *               "name": null,
                     *               "provider": "acme",
                     *               "reference": null,
                     *               "source": "sealed",
                     *               "updated_at": 1790000000055,
                     *               "version": 2,
                     *               "weight": 2
                     *             }
                     *           ],
                     *           "kind": "openai",
                     *           "name": "Acme",
                     *           "paused_until": null,
                     *           "price_factor_ppm": 900000,
                     *           "prices": [],
                     *           "timeouts": {
                     *             "connect": 5,
                     *             "first_byte": 300,
                     *             "idle": 120,
                     *             "total": 890
                     *           },
                     *           "updated_at": 1790000000040,
                     *           "version": 2
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Page_ProviderOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_provider: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "acme",
                 *       "kind": "openai",
                 *       "name": "Acme's OpenAI account"
                 *     }
                 */
                "application/json": components["schemas"]["ProviderIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allow_private": false,
                     *       "base_url": null,
                     *       "default_parameters": {},
                     *       "denied_betas": [],
                     *       "effective_base_url": "https://api.openai.com/v1",
                     *       "extra_headers": {},
                     *       "id": "acme",
                     *       "keys": [],
                     *       "kind": "openai",
                     *       "name": "Acme's OpenAI account",
                     *       "paused_until": null,
                     *       "price_factor_ppm": 1000000,
                     *       "prices": [],
                     *       "timeouts": {
                     *         "connect": 5,
                     *         "first_byte": 300,
                     *         "idle": 120,
                     *         "total": 890
                     *       },
                     *       "updated_at": 1790000000033,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["ProviderOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allow_private": false,
                     *       "base_url": null,
                     *       "default_parameters": {},
                     *       "denied_betas": [],
                     *       "effective_base_url": "https://api.openai.com/v1",
                     *       "extra_headers": {},
                     *       "id": "acme",
                     *       "keys": [
                     *         {
                     *           "active": true,
                     *           "daily_quota": 5000000,
                     *           "hint": "the-****iven",
                     *           "id": "uk_01a0c4506c0b70008000000000000001",
                     *           "name": null,
                     *           "provider": "acme",
                     *           "reference": null,
                     *           "source": "sealed",
                     *           "updated_at": 1790000000055,
                     *           "version": 2,
                     *           "weight": 2
                     *         }
                     *       ],
                     *       "kind": "openai",
                     *       "name": "Acme",
                     *       "paused_until": null,
                     *       "price_factor_ppm": 900000,
                     *       "prices": [],
                     *       "timeouts": {
                     *         "connect": 5,
                     *         "first_byte": 300,
                     *         "idle": 120,
                     *         "total": 890
                     *       },
                     *       "updated_at": 1790000000040,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["ProviderOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_provider: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_provider: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme",
                 *       "price_factor_ppm": 900000
                 *     }
                 */
                "application/json": components["schemas"]["ProviderPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allow_private": false,
                     *       "base_url": null,
                     *       "default_parameters": {},
                     *       "denied_betas": [],
                     *       "effective_base_url": "https://api.openai.com/v1",
                     *       "extra_headers": {},
                     *       "id": "acme",
                     *       "keys": [],
                     *       "kind": "openai",
                     *       "name": "Acme",
                     *       "paused_until": null,
                     *       "price_factor_ppm": 900000,
                     *       "prices": [],
                     *       "timeouts": {
                     *         "connect": 5,
                     *         "first_byte": 300,
                     *         "idle": 120,
                     *         "total": 890
                     *       },
                     *       "updated_at": 1790000000040,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["ProviderOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    import_provider_models: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "models": [
                 *         {
                 *           "id": "gpt-4o-mini"
                 *         },
                 *         {
                 *           "as": "house",
                 *           "id": "gpt-4o"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ImportIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created": [
                     *         "gpt-4o-mini",
                     *         "house"
                     *       ],
                     *       "skipped": []
                     *     }
                     */
                    "application/json": components["schemas"]["ImportOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_upstream_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "active": true,
                     *           "daily_quota": 5000000,
                     *           "hint": "the-****iven",
                     *           "id": "uk_01a0c4506c0b70008000000000000001",
                     *           "name": null,
                     *           "provider": "acme",
                     *           "reference": null,
                     *           "source": "sealed",
                     *           "updated_at": 1790000000055,
                     *           "version": 2,
                     *           "weight": 2
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Page_UpstreamKeyOut_"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_upstream_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "value": "the-credential-that-acme-was-given",
                 *       "weight": 2
                 *     }
                 */
                "application/json": components["schemas"]["UpstreamKeyIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "daily_quota": 0,
                     *       "hint": "the-****iven",
                     *       "id": "uk_01a0c4506c0b70008000000000000001",
                     *       "name": null,
                     *       "provider": "acme",
                     *       "reference": null,
                     *       "source": "sealed",
                     *       "updated_at": 1790000000048,
                     *       "version": 1,
                     *       "weight": 2
                     *     }
                     */
                    "application/json": components["schemas"]["UpstreamKeyOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_upstream_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
                /** @description Which credential, by its id */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_upstream_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
                /** @description Which credential, by its id */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "daily_quota": 5000000
                 *     }
                 */
                "application/json": components["schemas"]["UpstreamKeyPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "daily_quota": 5000000,
                     *       "hint": "the-****iven",
                     *       "id": "uk_01a0c4506c0b70008000000000000001",
                     *       "name": null,
                     *       "provider": "acme",
                     *       "reference": null,
                     *       "source": "sealed",
                     *       "updated_at": 1790000000055,
                     *       "version": 2,
                     *       "weight": 2
                     *     }
                     */
                    "application/json": components["schemas"]["UpstreamKeyOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    revive_upstream_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
                /** @description Which credential, by its id */
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    probe_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": null,
                     *       "models": [
                     *         {
                     *           "configured": [],
                     *           "context_window": 128000,
                     *           "id": "gpt-4o",
                     *           "input_price": "2.5",
                     *           "known": true,
                     *           "max_output_tokens": 16384,
                     *           "output_price": "10",
                     *           "title": null
                     *         },
                     *         {
                     *           "configured": [],
                     *           "context_window": 128000,
                     *           "id": "ft:gpt-4o:acme",
                     *           "input_price": null,
                     *           "known": false,
                     *           "max_output_tokens": 16384,
                     *           "output_price": null,
                     *           "title": "Tuned"
                     *         }
                     *       ],
                     *       "more": false,
                     *       "ms": 412,
                     *       "ok": true,
                     *       "status": 200
                     *     }
                     */
                    "application/json": components["schemas"]["ProbeOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    close_breaker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "model": "gpt-4o"
                 *     }
                 */
                "application/json": components["schemas"]["CloseIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_release: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_by": "usr_01a0c4506c0b70008000000000000001",
                     *       "models": 3,
                     *       "number": 15,
                     *       "pending": 0,
                     *       "providers": 1,
                     *       "publishing": "draft",
                     *       "release": "0000000000000000000000000000000000000000000000000000000000000001",
                     *       "routes": 1,
                     *       "updated_at": 1790000000196
                     *     }
                     */
                    "application/json": components["schemas"]["ReleaseOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_releases: {
        parameters: {
            query?: {
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "at": 1790000000489,
                     *           "by": "usr_01a0c4506c0b70008000000000000001",
                     *           "by_name": "admin",
                     *           "cause": "publish",
                     *           "in_force": true,
                     *           "models": 2,
                     *           "number": 17,
                     *           "providers": 1,
                     *           "release": "0000000000000000000000000000000000000000000000000000000000000001",
                     *           "routes": 1,
                     *           "upstream_keys": 2
                     *         },
                     *         {
                     *           "at": 1790000000475,
                     *           "by": "usr_01a0c4506c0b70008000000000000001",
                     *           "by_name": "admin",
                     *           "cause": "discard",
                     *           "in_force": false,
                     *           "models": 3,
                     *           "number": 16,
                     *           "providers": 1,
                     *           "release": "0000000000000000000000000000000000000000000000000000000000000002",
                     *           "routes": 1,
                     *           "upstream_keys": 2
                     *         }
                     *       ],
                     *       "next_cursor": "MTE2",
                     *       "total": null
                     *     }
                     */
                    "application/json": components["schemas"]["Page_PublicationOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_draft: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "after": "0000000000000000000000000000000000000000000000000000000000000002",
                     *       "before": "0000000000000000000000000000000000000000000000000000000000000001",
                     *       "changes": [
                     *         {
                     *           "after": {
                     *             "active": false
                     *           },
                     *           "before": {
                     *             "active": true
                     *           },
                     *           "id": "tuned",
                     *           "noun": "model"
                     *         }
                     *       ],
                     *       "number": 15
                     *     }
                     */
                    "application/json": components["schemas"]["DraftDiff"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    discard_draft: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changed": true,
                     *       "number": 16,
                     *       "release": "0000000000000000000000000000000000000000000000000000000000000001"
                     *     }
                     */
                    "application/json": components["schemas"]["RolledBack"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    publish_draft: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "release": "0000000000000000000000000000000000000000000000000000000000000001"
                 *     }
                 */
                "application/json": components["schemas"]["DraftIn"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changed": true,
                     *       "number": 17,
                     *       "release": "0000000000000000000000000000000000000000000000000000000000000001"
                     *     }
                     */
                    "application/json": components["schemas"]["RolledBack"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_release_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description SHA-256 of the release */
                hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "in_force": false,
                     *       "items": [
                     *         {
                     *           "fields": {
                     *             "active": true,
                     *             "allow_private": false,
                     *             "base_url": null,
                     *             "default_parameters": {},
                     *             "denied_betas": [],
                     *             "extra_headers": {},
                     *             "id": "acme",
                     *             "kind": "openai",
                     *             "name": "Acme",
                     *             "paused_until": null,
                     *             "price_factor_ppm": 900000,
                     *             "prices": [],
                     *             "timeouts": {
                     *               "connect": 5,
                     *               "first_byte": 300,
                     *               "idle": 120,
                     *               "total": 890
                     *             }
                     *           },
                     *           "id": "acme",
                     *           "noun": "provider"
                     *         },
                     *         {
                     *           "fields": {
                     *             "active": true,
                     *             "daily_quota": 5000000,
                     *             "hint": "the-****iven",
                     *             "id": "uk_01a0c4506c0b70008000000000000001",
                     *             "name": null,
                     *             "provider": "acme",
                     *             "reference": null,
                     *             "source": "sealed",
                     *             "weight": 2
                     *           },
                     *           "id": "uk_01a0c4506c0b70008000000000000001",
                     *           "noun": "upstream_key"
                     *         },
                     *         {
                     *           "fields": {
                     *             "active": true,
                     *             "daily_quota": 1000000,
                     *             "hint": "the-****hare",
                     *             "id": "uk_01a0c4506c0b70008000000000000002",
                     *             "name": "Shared",
                     *             "provider": "acme",
                     *             "reference": null,
                     *             "source": "sealed",
                     *             "weight": 1
                     *           },
                     *           "id": "uk_01a0c4506c0b70008000000000000002",
                     *           "noun": "upstream_key"
                     *         },
                     *         {
                     *           "fields": {
                     *             "active": true,
                     *             "context_window": 128000,
                     *             "display_name": null,
                     *             "effective_price": null,
                     *             "id": "gpt-4o-mini",
                     *             "kind": "chat",
                     *             "max_output_tokens": 16384,
                     *             "price": {
                     *               "audio_input": null,
                     *               "audio_output": null,
                     *               "cache_read": "0.075",
                     *               "cache_write_1h": null,
                     *               "cache_write_5m": null,
                     *               "flex": null,
                     *               "image_input": null,
                     *               "image_output": null,
                     *               "input": "0.15",
                     *               "output": "0.6",
                     *               "per_character": null,
                     *               "per_image_input": null,
                     *               "per_image_output": null,
                     *               "per_second_input": null,
                     *               "per_second_output": null,
                     *               "pictures": null,
                     *               "priority": {
                     *                 "cache_read": "0.125",
                     *                 "cache_write_1h": null,
                     *                 "cache_write_5m": null,
                     *                 "input": "0.25",
                     *                 "output": "1",
                     *                 "reasoning": null,
                     *                 "tiers": []
                     *               },
                     *               "reasoning": null,
                     *               "request": "0",
                     *               "tiers": []
                     *             },
                     *             "price_source": null,
                     *             "provider": "acme",
                     *             "upstream_model": "gpt-4o-mini"
                     *           },
                     *           "id": "gpt-4o-mini",
                     *           "noun": "model"
                     *         },
                     *         {
                     *           "fields": {
                     *             "active": true,
                     *             "context_window": 128000,
                     *             "display_name": null,
                     *             "effective_price": null,
                     *             "id": "house",
                     *             "kind": "chat",
                     *             "max_output_tokens": 16384,
                     *             "price": {
                     *               "audio_input": null,
                     *               "audio_output": null,
                     *               "cache_read": "1.25",
                     *               "cache_write_1h": null,
                     *               "cache_write_5m": null,
                     *               "flex": null,
                     *               "image_input": null,
                     *               "image_output": null,
                     *               "input": "2.5",
                     *               "output": "10",
                     *               "per_character": null,
                     *               "per_image_input": null,
                     *               "per_image_output": null,
                     *               "per_second_input": null,
                     *               "per_second_output": null,
                     *               "pictures": null,
                     *               "priority": {
                     *                 "cache_read": "2.125",
                     *                 "cache_write_1h": null,
                     *                 "cache_write_5m": null,
                     *                 "input": "4.25",
                     *                 "output": "17",
                     *                 "reasoning": null,
                     *                 "tiers": []
                     *               },
                     *               "reasoning": null,
                     *               "request": "0",
                     *               "tiers": []
                     *             },
                     *             "price_source": null,
                     *             "provider": "acme",
                     *             "upstream_model": "gpt-4o"
                     *           },
                     *           "id": "house",
                     *           "noun": "model"
                     *         },
                     *         {
                     *           "fields": {
                     *             "active": true,
                     *             "context_window": 128000,
                     *             "display_name": "Our tuned model",
                     *             "effective_price": null,
                     *             "id": "tuned",
                     *             "kind": "chat",
                     *             "max_output_tokens": null,
                     *             "price": {
                     *               "audio_input": null,
                     *               "audio_output": null,
                     *               "cache_read": null,
                     *               "cache_write_1h": null,
                     *               "cache_write_5m": null,
                     *               "flex": null,
                     *               "image_input": null,
                     *               "image_output": null,
                     *               "input": "3.75",
                     *               "output": "15",
                     *               "per_character": null,
                     *               "per_image_input": null,
                     *               "per_image_output": null,
                     *               "per_second_input": null,
                     *               "per_second_output": null,
                     *               "pictures": null,
                     *               "priority": null,
                     *               "reasoning": null,
                     *               "request": "0",
                     *               "tiers": []
                     *             },
                     *             "price_source": null,
                     *             "provider": "acme",
                     *             "upstream_model": "ft:gpt-4o:acme"
                     *           },
                     *           "id": "tuned",
                     *           "noun": "model"
                     *         },
                     *         {
                     *           "fields": {
                     *             "action": "mask",
                     *             "active": true,
                     *             "categories": [],
                     *             "everywhere": false,
                     *             "id": "no-cards",
                     *             "keywords": [],
                     *             "kind": "pii",
                     *             "max_characters": null,
                     *             "max_tokens": null,
                     *             "message": null,
                     *             "model": null,
                     *             "name": "Cards and accounts",
                     *             "notes": null,
                     *             "patterns": [],
                     *             "pii": [
                     *               "credit_card",
                     *               "iban"
                     *             ],
                     *             "roles": [
                     *               "system",
                     *               "user",
                     *               "assistant"
                     *             ],
                     *             "stages": [
                     *               "input",
                     *               "output"
                     *             ],
                     *             "threshold": null
                     *           },
                     *           "id": "no-cards",
                     *           "noun": "guardrail"
                     *         },
                     *         {
                     *           "fields": {
                     *             "active": true,
                     *             "cache": {
                     *               "embedding_model": null,
                     *               "mode": "exact",
                     *               "scope": "team",
                     *               "threshold": 0.95,
                     *               "ttl_seconds": 600
                     *             },
                     *             "canary": null,
                     *             "guardrails": [],
                     *             "hedge_seconds": 2.5,
                     *             "id": "smart",
                     *             "mirror": null,
                     *             "on_disconnect": "cancel",
                     *             "retry": null,
                     *             "sticky_by": "auto",
                     *             "strategy": "priority",
                     *             "targets": [
                     *               {
                     *                 "model": "house",
                     *                 "paused_until": null,
                     *                 "priority": 0,
                     *                 "provider": "acme",
                     *                 "rules": null,
                     *                 "weight": 1
                     *               },
                     *               {
                     *                 "model": "gpt-4o-mini",
                     *                 "paused_until": null,
                     *                 "priority": 0,
                     *                 "provider": "acme",
                     *                 "rules": null,
                     *                 "weight": 1
                     *               }
                     *             ]
                     *           },
                     *           "id": "smart",
                     *           "noun": "route"
                     *         },
                     *         {
                     *           "fields": {
                     *             "description": "",
                     *             "frequency_penalty": null,
                     *             "id": "reviewer",
                     *             "max_tokens": 2048,
                     *             "model": "smart",
                     *             "name": "Reviewer",
                     *             "presence_penalty": null,
                     *             "stop_sequences": null,
                     *             "system_prompt": "You review code.",
                     *             "temperature": 0.1,
                     *             "top_p": null
                     *           },
                     *           "id": "reviewer",
                     *           "noun": "agent"
                     *         }
                     *       ],
                     *       "release": "0000000000000000000000000000000000000000000000000000000000000001"
                     *     }
                     */
                    "application/json": components["schemas"]["ReleaseContent"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_release_diff: {
        parameters: {
            query?: {
                /** @description Default: the release in force */
                since?: string | null;
            };
            header?: never;
            path: {
                /** @description SHA-256 of the release */
                hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "after": "0000000000000000000000000000000000000000000000000000000000000002",
                     *       "before": "0000000000000000000000000000000000000000000000000000000000000001",
                     *       "changes": [
                     *         {
                     *           "after": {
                     *             "active": true,
                     *             "context_window": 128000,
                     *             "display_name": "Our tuned model",
                     *             "effective_price": null,
                     *             "id": "tuned",
                     *             "kind": "chat",
                     *             "max_output_tokens": null,
                     *             "price": {
                     *               "audio_input": null,
                     *               "audio_output": null,
                     *               "cache_read": null,
                     *               "cache_write_1h": null,
                     *               "cache_write_5m": null,
                     *               "flex": null,
                     *               "image_input": null,
                     *               "image_output": null,
                     *               "input": "3.75",
                     *               "output": "15",
                     *               "per_character": null,
                     *               "per_image_input": null,
                     *               "per_image_output": null,
                     *               "per_second_input": null,
                     *               "per_second_output": null,
                     *               "pictures": null,
                     *               "priority": null,
                     *               "reasoning": null,
                     *               "request": "0",
                     *               "tiers": []
                     *             },
                     *             "price_source": null,
                     *             "provider": "acme",
                     *             "upstream_model": "ft:gpt-4o:acme"
                     *           },
                     *           "before": null,
                     *           "id": "tuned",
                     *           "noun": "model"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReleaseDiff"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    roll_back: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description SHA-256 of the release */
                hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changed": true,
                     *       "number": 18,
                     *       "release": "0000000000000000000000000000000000000000000000000000000000000001"
                     *     }
                     */
                    "application/json": components["schemas"]["RolledBack"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_routes: {
        parameters: {
            query?: {
                /** @description Part of the id, any case */
                q?: string | null;
                /** @description Only what is switched on, or only what is not */
                active?: boolean | null;
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "active": true,
                     *           "built_in": false,
                     *           "cache": {
                     *             "embedding_model": null,
                     *             "mode": "exact",
                     *             "scope": "team",
                     *             "threshold": 0.95,
                     *             "ttl_seconds": 600
                     *           },
                     *           "canary": null,
                     *           "guardrails": [],
                     *           "hedge_seconds": 2.5,
                     *           "id": "smart",
                     *           "mirror": null,
                     *           "on_disconnect": "cancel",
                     *           "retry": null,
                     *           "sticky_by": "auto",
                     *           "strategy": "priority",
                     *           "targets": [
                     *             {
                     *               "model": "house",
                     *               "paused_until": null,
                     *               "priority": 0,
                     *               "provider": "acme",
                     *               "rules": null,
                     *               "weight": 1
                     *             },
                     *             {
                     *               "model": "gpt-4o-mini",
                     *               "paused_until": null,
                     *               "priority": 0,
                     *               "provider": "acme",
                     *               "rules": null,
                     *               "weight": 1
                     *             }
                     *           ],
                     *           "updated_at": 1790000000169,
                     *           "version": 2
                     *         },
                     *         {
                     *           "active": true,
                     *           "built_in": true,
                     *           "cache": null,
                     *           "canary": null,
                     *           "guardrails": [],
                     *           "hedge_seconds": null,
                     *           "id": "fast",
                     *           "mirror": null,
                     *           "on_disconnect": "cancel",
                     *           "retry": null,
                     *           "sticky_by": "auto",
                     *           "strategy": "priority",
                     *           "targets": [
                     *             {
                     *               "model": "gpt-4o-mini",
                     *               "paused_until": null,
                     *               "priority": 1,
                     *               "provider": "acme",
                     *               "rules": null,
                     *               "weight": 1
                     *             }
                     *           ],
                     *           "updated_at": 0,
                     *           "version": 0
                     *         },
                     *         {
                     *           "active": true,
                     *           "built_in": true,
                     *           "cache": null,
                     *           "canary": null,
                     *           "guardrails": [],
                     *           "hedge_seconds": null,
                     *           "id": "cheap",
                     *           "mirror": null,
                     *           "on_disconnect": "cancel",
                     *           "retry": null,
                     *           "sticky_by": "auto",
                     *           "strategy": "priority",
                     *           "targets": [
                     *             {
                     *               "model": "gpt-4o-mini",
                     *               "paused_until": null,
                     *               "priority": 3,
                     *               "provider": "acme",
                     *               "rules": null,
                     *               "weight": 1
                     *             }
                     *           ],
                     *           "updated_at": 0,
                     *           "version": 0
                     *         },
                     *         {
                     *           "active": true,
                     *           "built_in": true,
                     *           "cache": null,
                     *           "canary": null,
                     *           "guardrails": [],
                     *           "hedge_seconds": null,
                     *           "id": "any",
                     *           "mirror": null,
                     *           "on_disconnect": "cancel",
                     *           "retry": null,
                     *           "sticky_by": "auto",
                     *           "strategy": "priority",
                     *           "targets": [
                     *             {
                     *               "model": "gpt-4o-mini",
                     *               "paused_until": null,
                     *               "priority": 0,
                     *               "provider": "acme",
                     *               "rules": null,
                     *               "weight": 1
                     *             }
                     *           ],
                     *           "updated_at": 0,
                     *           "version": 0
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 4
                     *     }
                     */
                    "application/json": components["schemas"]["Page_RouteOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_route: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "cache": {
                 *         "mode": "exact",
                 *         "scope": "team",
                 *         "ttl_seconds": 600
                 *       },
                 *       "id": "smart",
                 *       "strategy": "priority",
                 *       "targets": [
                 *         {
                 *           "model": "house",
                 *           "provider": "acme"
                 *         },
                 *         {
                 *           "model": "gpt-4o-mini",
                 *           "provider": "acme"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["RouteIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "built_in": false,
                     *       "cache": {
                     *         "embedding_model": null,
                     *         "mode": "exact",
                     *         "scope": "team",
                     *         "threshold": 0.95,
                     *         "ttl_seconds": 600
                     *       },
                     *       "canary": null,
                     *       "guardrails": [],
                     *       "hedge_seconds": null,
                     *       "id": "smart",
                     *       "mirror": null,
                     *       "on_disconnect": "cancel",
                     *       "retry": null,
                     *       "sticky_by": "auto",
                     *       "strategy": "priority",
                     *       "targets": [
                     *         {
                     *           "model": "house",
                     *           "paused_until": null,
                     *           "priority": 0,
                     *           "provider": "acme",
                     *           "rules": null,
                     *           "weight": 1
                     *         },
                     *         {
                     *           "model": "gpt-4o-mini",
                     *           "paused_until": null,
                     *           "priority": 0,
                     *           "provider": "acme",
                     *           "rules": null,
                     *           "weight": 1
                     *         }
                     *       ],
                     *       "updated_at": 1790000000162,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["RouteOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_route: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "built_in": false,
                     *       "cache": {
                     *         "embedding_model": null,
                     *         "mode": "exact",
                     *         "scope": "team",
                     *         "threshold": 0.95,
                     *         "ttl_seconds": 600
                     *       },
                     *       "canary": null,
                     *       "guardrails": [],
                     *       "hedge_seconds": 2.5,
                     *       "id": "smart",
                     *       "mirror": null,
                     *       "on_disconnect": "cancel",
                     *       "retry": null,
                     *       "sticky_by": "auto",
                     *       "strategy": "priority",
                     *       "targets": [
                     *         {
                     *           "model": "house",
                     *           "paused_until": null,
                     *           "priority": 0,
                     *           "provider": "acme",
                     *           "rules": null,
                     *           "weight": 1
                     *         },
                     *         {
                     *           "model": "gpt-4o-mini",
                     *           "paused_until": null,
                     *           "priority": 0,
                     *           "provider": "acme",
                     *           "rules": null,
                     *           "weight": 1
                     *         }
                     *       ],
                     *       "updated_at": 1790000000169,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["RouteOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_route: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_route: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hedge_seconds": 2.5
                 *     }
                 */
                "application/json": components["schemas"]["RoutePatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "built_in": false,
                     *       "cache": {
                     *         "embedding_model": null,
                     *         "mode": "exact",
                     *         "scope": "team",
                     *         "threshold": 0.95,
                     *         "ttl_seconds": 600
                     *       },
                     *       "canary": null,
                     *       "guardrails": [],
                     *       "hedge_seconds": 2.5,
                     *       "id": "smart",
                     *       "mirror": null,
                     *       "on_disconnect": "cancel",
                     *       "retry": null,
                     *       "sticky_by": "auto",
                     *       "strategy": "priority",
                     *       "targets": [
                     *         {
                     *           "model": "house",
                     *           "paused_until": null,
                     *           "priority": 0,
                     *           "provider": "acme",
                     *           "rules": null,
                     *           "weight": 1
                     *         },
                     *         {
                     *           "model": "gpt-4o-mini",
                     *           "paused_until": null,
                     *           "priority": 0,
                     *           "provider": "acme",
                     *           "rules": null,
                     *           "weight": 1
                     *         }
                     *       ],
                     *       "updated_at": 1790000000169,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["RouteOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "cache": null,
                     *       "deployment": {
                     *         "allow_private_upstreams": false,
                     *         "audit_ttl_days": 400,
                     *         "config_poll_seconds": 5,
                     *         "durable_logs": false,
                     *         "keepalive_seconds": 15,
                     *         "key_cache_seconds": 15,
                     *         "log_ttl_days": 30,
                     *         "offline_embedder": false,
                     *         "oidc_issuer": null,
                     *         "propagation_seconds": 25,
                     *         "region": "eu-central-1",
                     *         "registration": "open",
                     *         "retry_attempts": 2,
                     *         "stage": "test",
                     *         "token_grant": 0,
                     *         "upstream_health": true
                     *       },
                     *       "publishing": "direct",
                     *       "version": 0
                     *     }
                     */
                    "application/json": components["schemas"]["SettingsOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_settings: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "publishing": "draft"
                 *     }
                 */
                "application/json": components["schemas"]["SettingsPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "cache": null,
                     *       "deployment": {
                     *         "allow_private_upstreams": false,
                     *         "audit_ttl_days": 400,
                     *         "config_poll_seconds": 5,
                     *         "durable_logs": false,
                     *         "keepalive_seconds": 15,
                     *         "key_cache_seconds": 15,
                     *         "log_ttl_days": 30,
                     *         "offline_embedder": false,
                     *         "oidc_issuer": null,
                     *         "propagation_seconds": 25,
                     *         "region": "eu-central-1",
                     *         "registration": "open",
                     *         "retry_attempts": 2,
                     *         "stage": "test",
                     *         "token_grant": 0,
                     *         "upstream_health": true
                     *       },
                     *       "publishing": "draft",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["SettingsOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_teams: {
        parameters: {
            query?: {
                /** @description Part of the id or the name, any case */
                q?: string | null;
                /** @description Only what is switched on, or only what is not */
                active?: boolean | null;
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "active": true,
                     *           "allowed_models": [
                     *             "smart",
                     *             "gpt-*"
                     *           ],
                     *           "allowed_providers": [],
                     *           "id": "red",
                     *           "limits": {
                     *             "budgets": [
                     *               {
                     *                 "period": "month",
                     *                 "reset_day": 1,
                     *                 "reset_time": "00:00",
                     *                 "timezone": "UTC",
                     *                 "usd": "250"
                     *               }
                     *             ],
                     *             "concurrent": null,
                     *             "requests_per_minute": 600,
                     *             "tokens_per_minute": null
                     *           },
                     *           "name": "Reds",
                     *           "updated_at": 1790000000212,
                     *           "valid_until": null,
                     *           "version": 2
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Page_TeamOut_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_team: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "allowed_models": [
                 *         "smart",
                 *         "gpt-*"
                 *       ],
                 *       "id": "red",
                 *       "limits": {
                 *         "budgets": [
                 *           {
                 *             "period": "month",
                 *             "usd": "250"
                 *           }
                 *         ],
                 *         "requests_per_minute": 600
                 *       },
                 *       "name": "Red team"
                 *     }
                 */
                "application/json": components["schemas"]["TeamIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allowed_models": [
                     *         "smart",
                     *         "gpt-*"
                     *       ],
                     *       "allowed_providers": [],
                     *       "id": "red",
                     *       "limits": {
                     *         "budgets": [
                     *           {
                     *             "period": "month",
                     *             "reset_day": 1,
                     *             "reset_time": "00:00",
                     *             "timezone": "UTC",
                     *             "usd": "250"
                     *           }
                     *         ],
                     *         "concurrent": null,
                     *         "requests_per_minute": 600,
                     *         "tokens_per_minute": null
                     *       },
                     *       "name": "Red team",
                     *       "updated_at": 1790000000207,
                     *       "valid_until": null,
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["TeamOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_team: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allowed_models": [
                     *         "smart",
                     *         "gpt-*"
                     *       ],
                     *       "allowed_providers": [],
                     *       "id": "red",
                     *       "limits": {
                     *         "budgets": [
                     *           {
                     *             "period": "month",
                     *             "reset_day": 1,
                     *             "reset_time": "00:00",
                     *             "timezone": "UTC",
                     *             "usd": "250"
                     *           }
                     *         ],
                     *         "concurrent": null,
                     *         "requests_per_minute": 600,
                     *         "tokens_per_minute": null
                     *       },
                     *       "name": "Reds",
                     *       "updated_at": 1790000000212,
                     *       "valid_until": null,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["TeamOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_team: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_team: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Reds"
                 *     }
                 */
                "application/json": components["schemas"]["TeamPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "allowed_models": [
                     *         "smart",
                     *         "gpt-*"
                     *       ],
                     *       "allowed_providers": [],
                     *       "id": "red",
                     *       "limits": {
                     *         "budgets": [
                     *           {
                     *             "period": "month",
                     *             "reset_day": 1,
                     *             "reset_time": "00:00",
                     *             "timezone": "UTC",
                     *             "usd": "250"
                     *           }
                     *         ],
                     *         "concurrent": null,
                     *         "requests_per_minute": 600,
                     *         "tokens_per_minute": null
                     *       },
                     *       "name": "Reds",
                     *       "updated_at": 1790000000212,
                     *       "valid_until": null,
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["TeamOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_team_limits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "red",
                     *       "known": true,
                     *       "limits": [
                     *         {
                     *           "held": 0,
                     *           "limit": 600,
                     *           "name": "requests",
                     *           "remaining": 600,
                     *           "reset": null,
                     *           "unit": "requests",
                     *           "used": 0
                     *         },
                     *         {
                     *           "held": 0,
                     *           "limit": 250000000000,
                     *           "name": "month",
                     *           "remaining": 250000000000,
                     *           "reset": 1790812800000,
                     *           "unit": "nano_usd",
                     *           "used": 0
                     *         }
                     *       ],
                     *       "name": "Reds",
                     *       "running": null,
                     *       "scope": "team"
                     *     }
                     */
                    "application/json": components["schemas"]["ScopeOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    reset_team_limit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "month"
                 *     }
                 */
                "application/json": components["schemas"]["ResetIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "red",
                     *       "known": true,
                     *       "limits": [
                     *         {
                     *           "held": 0,
                     *           "limit": 600,
                     *           "name": "requests",
                     *           "remaining": 600,
                     *           "reset": null,
                     *           "unit": "requests",
                     *           "used": 0
                     *         },
                     *         {
                     *           "held": 0,
                     *           "limit": 250000000000,
                     *           "name": "month",
                     *           "remaining": 250000000000,
                     *           "reset": 1790812800000,
                     *           "unit": "nano_usd",
                     *           "used": 0
                     *         }
                     *       ],
                     *       "name": "Reds",
                     *       "running": null,
                     *       "scope": "team"
                     *     }
                     */
                    "application/json": components["schemas"]["ScopeOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_usage: {
        parameters: {
            query: {
                /** @description Unix time in milliseconds */
                from: number;
                /** @description Unix time in milliseconds */
                to: number;
                /** @description None, one or two */
                group_by?: ("key" | "user" | "team" | "requested_model" | "model" | "provider" | "route")[];
                /** @description Width of the parts */
                interval?: "hour" | "day" | "none";
                /** @description IANA name, for the boundaries of days */
                timezone?: string;
                /** @description Id of a virtual key */
                key?: string | null;
                /** @description Only of this user */
                user?: string | null;
                /** @description Only of this team */
                team?: string | null;
                /** @description Only where clients asked for this model */
                requested_model?: string | null;
                /** @description Only where this model answered */
                model?: string | null;
                /** @description Only those of this provider */
                provider?: string | null;
                /** @description Only by this route */
                route?: string | null;
                /** @description Also the time before, of the same length */
                compare?: "previous" | null;
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": 1789862400000,
                     *       "group_by": [],
                     *       "groups": [],
                     *       "interval": "day",
                     *       "previous": null,
                     *       "previous_from": null,
                     *       "rest": null,
                     *       "series": [
                     *         {
                     *           "end": 1789948800000,
                     *           "figures": {
                     *             "cache_bypassed": 0,
                     *             "cache_hits": 0,
                     *             "cache_misses": 0,
                     *             "cache_read_tokens": 0,
                     *             "cache_semantic": 0,
                     *             "cache_write_1h_tokens": 0,
                     *             "cache_write_5m_tokens": 0,
                     *             "cost_nano": 0,
                     *             "errors": 0,
                     *             "first_byte_p50_ms": null,
                     *             "first_byte_p95_ms": null,
                     *             "first_byte_p99_ms": null,
                     *             "fresh_tokens": 0,
                     *             "input_tokens": 0,
                     *             "lost_cost_nano": 0,
                     *             "mirror_cost_nano": 0,
                     *             "mirror_unpriced": 0,
                     *             "mirrors": 0,
                     *             "output_tokens": 0,
                     *             "reasoning_tokens": 0,
                     *             "requests": 0,
                     *             "saved_nano": 0,
                     *             "total_cost_nano": 0,
                     *             "total_p50_ms": null,
                     *             "total_p95_ms": null,
                     *             "total_p99_ms": null,
                     *             "unpriced": 0
                     *           },
                     *           "start": 1789862400000
                     *         },
                     *         {
                     *           "end": 1790035200000,
                     *           "figures": {
                     *             "cache_bypassed": 0,
                     *             "cache_hits": 0,
                     *             "cache_misses": 0,
                     *             "cache_read_tokens": 0,
                     *             "cache_semantic": 0,
                     *             "cache_write_1h_tokens": 0,
                     *             "cache_write_5m_tokens": 0,
                     *             "cost_nano": 0,
                     *             "errors": 0,
                     *             "first_byte_p50_ms": null,
                     *             "first_byte_p95_ms": null,
                     *             "first_byte_p99_ms": null,
                     *             "fresh_tokens": 0,
                     *             "input_tokens": 0,
                     *             "lost_cost_nano": 0,
                     *             "mirror_cost_nano": 0,
                     *             "mirror_unpriced": 0,
                     *             "mirrors": 0,
                     *             "output_tokens": 0,
                     *             "reasoning_tokens": 0,
                     *             "requests": 0,
                     *             "saved_nano": 0,
                     *             "total_cost_nano": 0,
                     *             "total_p50_ms": null,
                     *             "total_p95_ms": null,
                     *             "total_p99_ms": null,
                     *             "unpriced": 0
                     *           },
                     *           "start": 1789948800000
                     *         },
                     *         {
                     *           "end": 1790121600000,
                     *           "figures": {
                     *             "cache_bypassed": 0,
                     *             "cache_hits": 0,
                     *             "cache_misses": 0,
                     *             "cache_read_tokens": 0,
                     *             "cache_semantic": 0,
                     *             "cache_write_1h_tokens": 0,
                     *             "cache_write_5m_tokens": 0,
                     *             "cost_nano": 0,
                     *             "errors": 0,
                     *             "first_byte_p50_ms": null,
                     *             "first_byte_p95_ms": null,
                     *             "first_byte_p99_ms": null,
                     *             "fresh_tokens": 0,
                     *             "input_tokens": 0,
                     *             "lost_cost_nano": 0,
                     *             "mirror_cost_nano": 0,
                     *             "mirror_unpriced": 0,
                     *             "mirrors": 0,
                     *             "output_tokens": 0,
                     *             "reasoning_tokens": 0,
                     *             "requests": 0,
                     *             "saved_nano": 0,
                     *             "total_cost_nano": 0,
                     *             "total_p50_ms": null,
                     *             "total_p95_ms": null,
                     *             "total_p99_ms": null,
                     *             "unpriced": 0
                     *           },
                     *           "start": 1790035200000
                     *         }
                     *       ],
                     *       "timezone": "UTC",
                     *       "to": 1790121600000,
                     *       "totals": {
                     *         "cache_bypassed": 0,
                     *         "cache_hits": 0,
                     *         "cache_misses": 0,
                     *         "cache_read_tokens": 0,
                     *         "cache_semantic": 0,
                     *         "cache_write_1h_tokens": 0,
                     *         "cache_write_5m_tokens": 0,
                     *         "cost_nano": 0,
                     *         "errors": 0,
                     *         "first_byte_p50_ms": null,
                     *         "first_byte_p95_ms": null,
                     *         "first_byte_p99_ms": null,
                     *         "fresh_tokens": 0,
                     *         "input_tokens": 0,
                     *         "lost_cost_nano": 0,
                     *         "mirror_cost_nano": 0,
                     *         "mirror_unpriced": 0,
                     *         "mirrors": 0,
                     *         "output_tokens": 0,
                     *         "reasoning_tokens": 0,
                     *         "requests": 0,
                     *         "saved_nano": 0,
                     *         "total_cost_nano": 0,
                     *         "total_p50_ms": null,
                     *         "total_p95_ms": null,
                     *         "total_p99_ms": null,
                     *         "unpriced": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UsageReport"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_usage_export: {
        parameters: {
            query: {
                /** @description Unix time in milliseconds */
                from: number;
                /** @description Unix time in milliseconds */
                to: number;
                /** @description None, one or two */
                group_by?: ("key" | "user" | "team" | "requested_model" | "model" | "provider" | "route")[];
                /** @description Width of the parts */
                interval?: "hour" | "day" | "none";
                /** @description IANA name, for the boundaries of days */
                timezone?: string;
                /** @description Id of a virtual key */
                key?: string | null;
                /** @description Only of this user */
                user?: string | null;
                /** @description Only of this team */
                team?: string | null;
                /** @description Only where clients asked for this model */
                requested_model?: string | null;
                /** @description Only where this model answered */
                model?: string | null;
                /** @description Only those of this provider */
                provider?: string | null;
                /** @description Only by this route */
                route?: string | null;
                /** @description Of the file */
                format?: "csv" | "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": 1789862400000,
                     *       "group_by": [],
                     *       "interval": "day",
                     *       "rows": [
                     *         {
                     *           "cache_bypassed": 0,
                     *           "cache_hits": 0,
                     *           "cache_misses": 0,
                     *           "cache_read_tokens": 0,
                     *           "cache_semantic": 0,
                     *           "cache_write_1h_tokens": 0,
                     *           "cache_write_5m_tokens": 0,
                     *           "cost_nano": 0,
                     *           "end": "2026-09-21T00:00:00+00:00",
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "first_byte_p99_ms": null,
                     *           "fresh_tokens": 0,
                     *           "input_tokens": 0,
                     *           "lost_cost_nano": 0,
                     *           "mirror_cost_nano": 0,
                     *           "mirror_unpriced": 0,
                     *           "mirrors": 0,
                     *           "output_tokens": 0,
                     *           "reasoning_tokens": 0,
                     *           "requests": 0,
                     *           "saved_nano": 0,
                     *           "start": "2026-09-20T00:00:00+00:00",
                     *           "total_cost_nano": 0,
                     *           "total_cost_usd": "0.000000000",
                     *           "total_p50_ms": null,
                     *           "total_p95_ms": null,
                     *           "total_p99_ms": null,
                     *           "unpriced": 0
                     *         },
                     *         {
                     *           "cache_bypassed": 0,
                     *           "cache_hits": 0,
                     *           "cache_misses": 0,
                     *           "cache_read_tokens": 0,
                     *           "cache_semantic": 0,
                     *           "cache_write_1h_tokens": 0,
                     *           "cache_write_5m_tokens": 0,
                     *           "cost_nano": 0,
                     *           "end": "2026-09-22T00:00:00+00:00",
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "first_byte_p99_ms": null,
                     *           "fresh_tokens": 0,
                     *           "input_tokens": 0,
                     *           "lost_cost_nano": 0,
                     *           "mirror_cost_nano": 0,
                     *           "mirror_unpriced": 0,
                     *           "mirrors": 0,
                     *           "output_tokens": 0,
                     *           "reasoning_tokens": 0,
                     *           "requests": 0,
                     *           "saved_nano": 0,
                     *           "start": "2026-09-21T00:00:00+00:00",
                     *           "total_cost_nano": 0,
                     *           "total_cost_usd": "0.000000000",
                     *           "total_p50_ms": null,
                     *           "total_p95_ms": null,
                     *           "total_p99_ms": null,
                     *           "unpriced": 0
                     *         },
                     *         {
                     *           "cache_bypassed": 0,
                     *           "cache_hits": 0,
                     *           "cache_misses": 0,
                     *           "cache_read_tokens": 0,
                     *           "cache_semantic": 0,
                     *           "cache_write_1h_tokens": 0,
                     *           "cache_write_5m_tokens": 0,
                     *           "cost_nano": 0,
                     *           "end": "2026-09-23T00:00:00+00:00",
                     *           "errors": 0,
                     *           "first_byte_p50_ms": null,
                     *           "first_byte_p95_ms": null,
                     *           "first_byte_p99_ms": null,
                     *           "fresh_tokens": 0,
                     *           "input_tokens": 0,
                     *           "lost_cost_nano": 0,
                     *           "mirror_cost_nano": 0,
                     *           "mirror_unpriced": 0,
                     *           "mirrors": 0,
                     *           "output_tokens": 0,
                     *           "reasoning_tokens": 0,
                     *           "requests": 0,
                     *           "saved_nano": 0,
                     *           "start": "2026-09-22T00:00:00+00:00",
                     *           "total_cost_nano": 0,
                     *           "total_cost_usd": "0.000000000",
                     *           "total_p50_ms": null,
                     *           "total_p95_ms": null,
                     *           "total_p99_ms": null,
                     *           "unpriced": 0
                     *         }
                     *       ],
                     *       "timezone": "UTC",
                     *       "to": 1790121600000
                     *     }
                     */
                    "application/json": components["schemas"]["UsageTable"];
                    "text/csv": string;
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_users: {
        parameters: {
            query?: {
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
                /** @description Part of the name, any case */
                q?: string | null;
                /** @description Only those of this role */
                role?: ("admin" | "operator" | "user") | null;
                /** @description Only active ones, or only others */
                active?: boolean | null;
                /** @description Who vouches for them */
                source?: ("deployment" | "local" | "external") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "active": true,
                     *           "created_at": 1790000000532,
                     *           "email": null,
                     *           "id": "usr_01a0c4506c0b70008000000000000001",
                     *           "issuer": null,
                     *           "last_login": null,
                     *           "role": "admin",
                     *           "source": "local",
                     *           "updated_at": 1790000000537,
                     *           "username": "kim",
                     *           "version": 2
                     *         },
                     *         {
                     *           "active": true,
                     *           "created_at": 1790000000004,
                     *           "email": null,
                     *           "id": "usr_01a0c4506c0b70008000000000000002",
                     *           "issuer": null,
                     *           "last_login": 1790000000007,
                     *           "role": "admin",
                     *           "source": "deployment",
                     *           "updated_at": 1790000000004,
                     *           "username": "admin",
                     *           "version": 1
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Page_UserRow_"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "a good long pass phrase",
                 *       "role": "operator",
                 *       "username": "kim"
                 *     }
                 */
                "application/json": components["schemas"]["UserIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "created_at": 1790000000532,
                     *       "email": null,
                     *       "id": "usr_01a0c4506c0b70008000000000000001",
                     *       "issuer": null,
                     *       "last_login": null,
                     *       "role": "operator",
                     *       "source": "local",
                     *       "updated_at": 1790000000532,
                     *       "username": "kim",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["UserRow"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "created_at": 1790000000532,
                     *       "email": null,
                     *       "id": "usr_01a0c4506c0b70008000000000000001",
                     *       "issuer": null,
                     *       "last_login": null,
                     *       "role": "admin",
                     *       "source": "local",
                     *       "updated_at": 1790000000537,
                     *       "username": "kim",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["UserRow"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "admin"
                 *     }
                 */
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "created_at": 1790000000532,
                     *       "email": null,
                     *       "id": "usr_01a0c4506c0b70008000000000000001",
                     *       "issuer": null,
                     *       "last_login": null,
                     *       "role": "admin",
                     *       "source": "local",
                     *       "updated_at": 1790000000537,
                     *       "username": "kim",
                     *       "version": 2
                     *     }
                     */
                    "application/json": components["schemas"]["UserRow"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            412: components["responses"]["Error412"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    logout_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse 7 battery",
                 *       "username": "admin"
                 *     }
                 */
                "application/json": components["schemas"]["LoginIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJIUzI1NiJ9.e30.signature",
                     *       "expires_in": 900,
                     *       "session_expires_in": 86400,
                     *       "token_type": "bearer",
                     *       "user": {
                     *         "access": {
                     *           "agents": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "all-dialogs": [
                     *             "GET"
                     *           ],
                     *           "audit": [
                     *             "GET"
                     *           ],
                     *           "balances": [
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "bulk": [
                     *             "POST"
                     *           ],
                     *           "cache": [
                     *             "DELETE",
                     *             "GET"
                     *           ],
                     *           "catalog": [
                     *             "GET"
                     *           ],
                     *           "configuration": [
                     *             "GET",
                     *             "POST"
                     *           ],
                     *           "dialogs": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "discard": [
                     *             "POST"
                     *           ],
                     *           "end-users": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "guardrails": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "health": [
                     *             "GET",
                     *             "POST"
                     *           ],
                     *           "invitations": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "keys": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "limits": [
                     *             "GET"
                     *           ],
                     *           "logs": [
                     *             "GET"
                     *           ],
                     *           "models": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "overview": [
                     *             "GET"
                     *           ],
                     *           "plan": [
                     *             "POST"
                     *           ],
                     *           "playground": [
                     *             "POST"
                     *           ],
                     *           "provider-kinds": [
                     *             "GET"
                     *           ],
                     *           "providers": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "publish": [
                     *             "POST"
                     *           ],
                     *           "release": [
                     *             "GET"
                     *           ],
                     *           "reload": [
                     *             "POST"
                     *           ],
                     *           "rollback": [
                     *             "POST"
                     *           ],
                     *           "routes": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "settings": [
                     *             "GET",
                     *             "PATCH"
                     *           ],
                     *           "stops": [
                     *             "POST"
                     *           ],
                     *           "teams": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "upstream-keys": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "usage": [
                     *             "GET"
                     *           ],
                     *           "users": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ]
                     *         },
                     *         "id": "usr_01a0c4506c0b70008000000000000001",
                     *         "role": "admin",
                     *         "username": "admin"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: {
                /** @description With it, the refresh token's session is ended too */
                "x-refresh"?: "1" | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            409: components["responses"]["Error409"];
            422: components["responses"]["Error422"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    logout_everywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access": {
                     *         "agents": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "all-dialogs": [
                     *           "GET"
                     *         ],
                     *         "audit": [
                     *           "GET"
                     *         ],
                     *         "balances": [
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "bulk": [
                     *           "POST"
                     *         ],
                     *         "cache": [
                     *           "DELETE",
                     *           "GET"
                     *         ],
                     *         "catalog": [
                     *           "GET"
                     *         ],
                     *         "configuration": [
                     *           "GET",
                     *           "POST"
                     *         ],
                     *         "dialogs": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "discard": [
                     *           "POST"
                     *         ],
                     *         "end-users": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "guardrails": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "health": [
                     *           "GET",
                     *           "POST"
                     *         ],
                     *         "invitations": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "keys": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "limits": [
                     *           "GET"
                     *         ],
                     *         "logs": [
                     *           "GET"
                     *         ],
                     *         "models": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "overview": [
                     *           "GET"
                     *         ],
                     *         "plan": [
                     *           "POST"
                     *         ],
                     *         "playground": [
                     *           "POST"
                     *         ],
                     *         "provider-kinds": [
                     *           "GET"
                     *         ],
                     *         "providers": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "publish": [
                     *           "POST"
                     *         ],
                     *         "release": [
                     *           "GET"
                     *         ],
                     *         "reload": [
                     *           "POST"
                     *         ],
                     *         "rollback": [
                     *           "POST"
                     *         ],
                     *         "routes": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "settings": [
                     *           "GET",
                     *           "PATCH"
                     *         ],
                     *         "stops": [
                     *           "POST"
                     *         ],
                     *         "teams": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "upstream-keys": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ],
                     *         "usage": [
                     *           "GET"
                     *         ],
                     *         "users": [
                     *           "DELETE",
                     *           "GET",
                     *           "PATCH",
                     *           "POST"
                     *         ]
                     *       },
                     *       "id": "usr_01a0c4506c0b70008000000000000001",
                     *       "role": "admin",
                     *       "username": "admin"
                     *     }
                     */
                    "application/json": components["schemas"]["UserOut"];
                };
            };
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "current": "a good long pass phrase",
                 *       "new": "a good long pass phrase 2"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJIUzI1NiJ9.e30.signature",
                     *       "expires_in": 900,
                     *       "session_expires_in": 86400,
                     *       "token_type": "bearer",
                     *       "user": {
                     *         "access": {
                     *           "agents": [],
                     *           "all-dialogs": [],
                     *           "audit": [],
                     *           "balances": [],
                     *           "bulk": [],
                     *           "cache": [],
                     *           "catalog": [],
                     *           "configuration": [],
                     *           "dialogs": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "discard": [],
                     *           "end-users": [],
                     *           "guardrails": [],
                     *           "health": [],
                     *           "invitations": [],
                     *           "keys": [],
                     *           "limits": [],
                     *           "logs": [],
                     *           "models": [],
                     *           "overview": [],
                     *           "plan": [],
                     *           "playground": [],
                     *           "provider-kinds": [],
                     *           "providers": [],
                     *           "publish": [],
                     *           "release": [],
                     *           "reload": [],
                     *           "rollback": [],
                     *           "routes": [],
                     *           "settings": [],
                     *           "stops": [],
                     *           "teams": [],
                     *           "upstream-keys": [],
                     *           "usage": [
                     *             "GET"
                     *           ],
                     *           "users": []
                     *         },
                     *         "id": "usr_01a0c4506c0b70008000000000000001",
                     *         "role": "user",
                     *         "username": "lee"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header: {
                /** @description Says that no other site's page made this request */
                "x-refresh": "1";
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJIUzI1NiJ9.e30.signature",
                     *       "expires_in": 900,
                     *       "session_expires_in": 86400,
                     *       "token_type": "bearer",
                     *       "user": {
                     *         "access": {
                     *           "agents": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "all-dialogs": [
                     *             "GET"
                     *           ],
                     *           "audit": [
                     *             "GET"
                     *           ],
                     *           "balances": [
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "bulk": [
                     *             "POST"
                     *           ],
                     *           "cache": [
                     *             "DELETE",
                     *             "GET"
                     *           ],
                     *           "catalog": [
                     *             "GET"
                     *           ],
                     *           "configuration": [
                     *             "GET",
                     *             "POST"
                     *           ],
                     *           "dialogs": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "discard": [
                     *             "POST"
                     *           ],
                     *           "end-users": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "guardrails": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "health": [
                     *             "GET",
                     *             "POST"
                     *           ],
                     *           "invitations": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "keys": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "limits": [
                     *             "GET"
                     *           ],
                     *           "logs": [
                     *             "GET"
                     *           ],
                     *           "models": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "overview": [
                     *             "GET"
                     *           ],
                     *           "plan": [
                     *             "POST"
                     *           ],
                     *           "playground": [
                     *             "POST"
                     *           ],
                     *           "provider-kinds": [
                     *             "GET"
                     *           ],
                     *           "providers": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "publish": [
                     *             "POST"
                     *           ],
                     *           "release": [
                     *             "GET"
                     *           ],
                     *           "reload": [
                     *             "POST"
                     *           ],
                     *           "rollback": [
                     *             "POST"
                     *           ],
                     *           "routes": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "settings": [
                     *             "GET",
                     *             "PATCH"
                     *           ],
                     *           "stops": [
                     *             "POST"
                     *           ],
                     *           "teams": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "upstream-keys": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "usage": [
                     *             "GET"
                     *           ],
                     *           "users": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ]
                     *         },
                     *         "id": "usr_01a0c4506c0b70008000000000000001",
                     *         "role": "admin",
                     *         "username": "admin"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            401: components["responses"]["Error401"];
            409: components["responses"]["Error409"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "a good long pass phrase",
                 *       "username": "lee"
                 *     }
                 */
                "application/json": components["schemas"]["RegisterIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJIUzI1NiJ9.e30.signature",
                     *       "expires_in": 900,
                     *       "session_expires_in": 86400,
                     *       "token_type": "bearer",
                     *       "user": {
                     *         "access": {
                     *           "agents": [],
                     *           "all-dialogs": [],
                     *           "audit": [],
                     *           "balances": [],
                     *           "bulk": [],
                     *           "cache": [],
                     *           "catalog": [],
                     *           "configuration": [],
                     *           "dialogs": [
                     *             "DELETE",
                     *             "GET",
                     *             "PATCH",
                     *             "POST"
                     *           ],
                     *           "discard": [],
                     *           "end-users": [],
                     *           "guardrails": [],
                     *           "health": [],
                     *           "invitations": [],
                     *           "keys": [],
                     *           "limits": [],
                     *           "logs": [],
                     *           "models": [],
                     *           "overview": [],
                     *           "plan": [],
                     *           "playground": [],
                     *           "provider-kinds": [],
                     *           "providers": [],
                     *           "publish": [],
                     *           "release": [],
                     *           "reload": [],
                     *           "rollback": [],
                     *           "routes": [],
                     *           "settings": [],
                     *           "stops": [],
                     *           "teams": [],
                     *           "upstream-keys": [],
                     *           "usage": [
                     *             "GET"
                     *           ],
                     *           "users": []
                     *         },
                     *         "id": "usr_01a0c4506c0b70008000000000000001",
                     *         "role": "user",
                     *         "username": "lee"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            400: components["responses"]["Error400"];
            403: components["responses"]["Error403"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            422: components["responses"]["Error422"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_registration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mode": "open"
                     *     }
                     */
                    "application/json": components["schemas"]["RegistrationOut"];
                };
            };
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_audit_lines: {
        parameters: {
            query?: {
                /** @description Who did it: an id or a name */
                user_id?: string | null;
                /** @description `create`, `update`, `delete`, `import`, `top_up`, `sign_in`, … */
                action?: string | null;
                /** @description `dialog`, `end_user`, `model`, … */
                resource_type?: string | null;
                /** @description First day, YYYY-MM-DD, in UTC */
                start_date?: string | null;
                /** @description Last day, YYYY-MM-DD, in UTC; it is included */
                end_date?: string | null;
                /** @description How many to pass over */
                skip?: number;
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "action": "limit",
                     *         "created_at": "2026-09-21T14:13:20.365Z",
                     *         "details": {
                     *           "changes": [
                     *             {
                     *               "after": {
                     *                 "token_limit": 750000
                     *               },
                     *               "before": {
                     *                 "token_limit": 500000
                     *               },
                     *               "id": "ann@example.com",
                     *               "noun": "end_user"
                     *             }
                     *           ],
                     *           "outcome": "done",
                     *           "request_id": "req_01a0c4506c0b70008000000000000003",
                     *           "status": 200
                     *         },
                     *         "id": "aud_01a0c4506c0b70008000000000000001",
                     *         "ip_address": "testclient",
                     *         "resource_id": "ann@example.com",
                     *         "resource_type": "end_user",
                     *         "user_agent": "testclient",
                     *         "user_id": "usr_01a0c4506c0b70008000000000000002"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["AuditLineOut"][];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    list_balances: {
        parameters: {
            query?: {
                /** @description Part of the id or the name, any case */
                q?: string;
                /** @description Only those who have dialogs */
                dialogs?: boolean;
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "available": 150000,
                     *           "dialogs": 0,
                     *           "granted": 0,
                     *           "held": 0,
                     *           "id": "ann@example.com",
                     *           "last_activity": null,
                     *           "limit": 750000,
                     *           "messages": 0,
                     *           "name": "Ann B.",
                     *           "pays": false,
                     *           "source": "account",
                     *           "tokens": 0,
                     *           "used": 0
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["BalancePage"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    get_owner_balance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "available": 150000,
                     *       "dialogs": 0,
                     *       "granted": 0,
                     *       "held": 0,
                     *       "id": "ann@example.com",
                     *       "last_activity": null,
                     *       "limit": 750000,
                     *       "messages": 0,
                     *       "name": "Ann B.",
                     *       "pays": false,
                     *       "source": "account",
                     *       "tokens": 0,
                     *       "used": 0
                     *     }
                     */
                    "application/json": components["schemas"]["BalanceRow"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            404: components["responses"]["DialogsError404"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    list_owned_dialogs: {
        parameters: {
            query: {
                /** @description Whose: a `user_id` of the list of users */
                user: string;
                /** @description Rows per page */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["OwnedDialogPage"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    reload_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "7 models are in force since 2026-09-21T14:13:20.196Z.",
                     *       "models": [
                     *         "smart",
                     *         "fast",
                     *         "cheap",
                     *         "any",
                     *         "gpt-4o-mini",
                     *         "house",
                     *         "tuned"
                     *       ],
                     *       "number": 15,
                     *       "release": "0000000000000000000000000000000000000000000000000000000000000001",
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["ReloadOut"];
                };
            };
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            409: components["responses"]["DialogsError409"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    get_dialog_stats: {
        parameters: {
            query?: {
                /** @description First day, YYYY-MM-DD, in UTC */
                start_date?: string | null;
                /** @description Last day, YYYY-MM-DD, in UTC; it is included */
                end_date?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active_users": 0,
                     *       "avg_latency_ms": 0,
                     *       "top_models": [],
                     *       "total_tokens": 0
                     *     }
                     */
                    "application/json": components["schemas"]["StatsOut"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    list_owners: {
        parameters: {
            query?: {
                /** @description How many to pass over */
                skip?: number;
                /** @description At most so many */
                limit?: number;
                /** @description Part of the id or the name, any case */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "balance": 0,
                     *         "dialog_count": 2,
                     *         "last_activity": "2026-09-21T14:13:20.350Z",
                     *         "limit": null,
                     *         "name": "admin",
                     *         "total_tokens_used": 0,
                     *         "user_id": "usr_01a0c4506c0b70008000000000000001"
                     *       },
                     *       {
                     *         "balance": 150000,
                     *         "dialog_count": 0,
                     *         "last_activity": null,
                     *         "limit": 750000,
                     *         "name": "Ann B.",
                     *         "total_tokens_used": 0,
                     *         "user_id": "ann@example.com"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["OwnerOut"][];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    get_owner: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "balance": 150000,
                     *       "dialog_count": 0,
                     *       "last_activity": null,
                     *       "limit": 750000,
                     *       "name": "Ann B.",
                     *       "total_tokens_used": 0,
                     *       "user_id": "ann@example.com"
                     *     }
                     */
                    "application/json": components["schemas"]["OwnerOut"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            404: components["responses"]["DialogsError404"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    limit_owner_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "limit": 750000
                 *     }
                 */
                "application/json": components["schemas"]["TokenLimitIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "balance": 150000,
                     *       "limit": 750000,
                     *       "updated_at": "2026-09-21T14:13:20.366Z",
                     *       "user_id": "ann@example.com"
                     *     }
                     */
                    "application/json": components["schemas"]["TokenBalanceOut"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            404: components["responses"]["DialogsError404"];
            409: components["responses"]["DialogsError409"];
            413: components["responses"]["DialogsError413"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    change_owner_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "amount": 50000,
                 *       "id": "invoice-2026-0043"
                 *     }
                 */
                "application/json": components["schemas"]["TokensIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "balance": 150000,
                     *       "limit": 500000,
                     *       "updated_at": "2026-09-21T14:13:20.361Z",
                     *       "user_id": "ann@example.com"
                     *     }
                     */
                    "application/json": components["schemas"]["TokenBalanceOut"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            404: components["responses"]["DialogsError404"];
            409: components["responses"]["DialogsError409"];
            413: components["responses"]["DialogsError413"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    get_owner_token_history: {
        parameters: {
            query?: {
                /** @description How many of the newest to pass over */
                skip?: number;
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "admin_user_id": "usr_01a0c4506c0b70008000000000000001",
                     *         "amount": 50000,
                     *         "created_at": "2026-09-21T14:13:20.360Z",
                     *         "id": "01a0c4506d68#admin_top_up#0000000000000000000000000000000000000000000000000000000000000001",
                     *         "message_id": "invoice-2026-0043",
                     *         "model": null,
                     *         "reason": "admin_top_up",
                     *         "request_id": null,
                     *         "user_id": "ann@example.com"
                     *       },
                     *       {
                     *         "admin_user_id": "usr_01a0c4506c0b70008000000000000001",
                     *         "amount": 100000,
                     *         "created_at": "2026-09-21T14:13:20.261Z",
                     *         "id": "01a0c4506d05#admin_top_up#0000000000000000000000000000000000000000000000000000000000000002",
                     *         "message_id": "invoice-2026-0042",
                     *         "model": null,
                     *         "reason": "admin_top_up",
                     *         "request_id": null,
                     *         "user_id": "ann@example.com"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["TransactionOut"][];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            404: components["responses"]["DialogsError404"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    list_agent_types: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "built_in": true,
                     *         "config": {
                     *           "temperature": 0.7
                     *         },
                     *         "description": "A helpful assistant.",
                     *         "id": "default",
                     *         "model": null,
                     *         "name": "Default",
                     *         "system_prompt": null
                     *       },
                     *       {
                     *         "built_in": true,
                     *         "config": {
                     *           "max_tokens": 4096,
                     *           "temperature": 0.2
                     *         },
                     *         "description": "Precise answers about code.",
                     *         "id": "code_assistant",
                     *         "model": null,
                     *         "name": "Code assistant",
                     *         "system_prompt": null
                     *       },
                     *       {
                     *         "built_in": true,
                     *         "config": {
                     *           "temperature": 0.9
                     *         },
                     *         "description": "Free and varied texts.",
                     *         "id": "creative_writer",
                     *         "model": null,
                     *         "name": "Creative writer",
                     *         "system_prompt": null
                     *       },
                     *       {
                     *         "built_in": false,
                     *         "config": {
                     *           "max_tokens": 2048,
                     *           "temperature": 0.1
                     *         },
                     *         "description": "",
                     *         "id": "reviewer",
                     *         "model": "smart",
                     *         "name": "Reviewer",
                     *         "system_prompt": "You review code."
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["AgentTypeOut"][];
                };
            };
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    list_dialogs: {
        parameters: {
            query?: {
                /** @description From 1 on; what is no page is the first */
                page?: number;
                /** @description 1 to 100; more counts as 100, and what is no size as 20 */
                page_size?: number;
                /** @description Part of the title, any case */
                q?: string;
                /** @description By when they were made, or last changed; newest first */
                sort?: "created" | "updated";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "has_next": false,
                     *       "items": [
                     *         {
                     *           "agent": "reviewer",
                     *           "agent_config": {
                     *             "temperature": 0.4
                     *           },
                     *           "agent_missing": false,
                     *           "created_at": "2026-09-21T14:13:20.318Z",
                     *           "id": "dlg_01a0c4506c0b70008000000000000001",
                     *           "message_count": 0,
                     *           "model_name": "smart",
                     *           "system_prompt": "Answer in one sentence.",
                     *           "title": "Our terms",
                     *           "updated_at": "2026-09-21T14:13:20.327Z",
                     *           "user_id": "usr_01a0c4506c0b70008000000000000002"
                     *         }
                     *       ],
                     *       "page": 1,
                     *       "page_size": 20,
                     *       "total": 1
                     *     }
                     */
                    "application/json": components["schemas"]["DialogPage"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    create_dialog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "agent": "reviewer",
                 *       "agent_config": {
                 *         "temperature": 0.4
                 *       },
                 *       "model_name": "smart",
                 *       "title": "Our terms"
                 *     }
                 */
                "application/json": components["schemas"]["DialogIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "agent": "reviewer",
                     *       "agent_config": {
                     *         "temperature": 0.4
                     *       },
                     *       "agent_missing": false,
                     *       "created_at": "2026-09-21T14:13:20.318Z",
                     *       "id": "dlg_01a0c4506c0b70008000000000000001",
                     *       "message_count": 0,
                     *       "model_name": "smart",
                     *       "system_prompt": null,
                     *       "title": "Our terms",
                     *       "updated_at": "2026-09-21T14:13:20.318Z",
                     *       "user_id": "usr_01a0c4506c0b70008000000000000002"
                     *     }
                     */
                    "application/json": components["schemas"]["DialogOut"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            409: components["responses"]["DialogsError409"];
            413: components["responses"]["DialogsError413"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    get_dialog: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "agent": "reviewer",
                     *       "agent_config": {
                     *         "temperature": 0.4
                     *       },
                     *       "agent_missing": false,
                     *       "created_at": "2026-09-21T14:13:20.318Z",
                     *       "id": "dlg_01a0c4506c0b70008000000000000001",
                     *       "message_count": 0,
                     *       "model_name": "smart",
                     *       "system_prompt": "Answer in one sentence.",
                     *       "title": "Our terms",
                     *       "updated_at": "2026-09-21T14:13:20.327Z",
                     *       "user_id": "usr_01a0c4506c0b70008000000000000002"
                     *     }
                     */
                    "application/json": components["schemas"]["DialogOut"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            404: components["responses"]["DialogsError404"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    delete_dialog: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            404: components["responses"]["DialogsError404"];
            409: components["responses"]["DialogsError409"];
            412: components["responses"]["DialogsError412"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    update_dialog: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "system_prompt": "Answer in one sentence."
                 *     }
                 */
                "application/json": components["schemas"]["DialogPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "agent": "reviewer",
                     *       "agent_config": {
                     *         "temperature": 0.4
                     *       },
                     *       "agent_missing": false,
                     *       "created_at": "2026-09-21T14:13:20.318Z",
                     *       "id": "dlg_01a0c4506c0b70008000000000000001",
                     *       "message_count": 0,
                     *       "model_name": "smart",
                     *       "system_prompt": "Answer in one sentence.",
                     *       "title": "Our terms",
                     *       "updated_at": "2026-09-21T14:13:20.327Z",
                     *       "user_id": "usr_01a0c4506c0b70008000000000000002"
                     *     }
                     */
                    "application/json": components["schemas"]["DialogOut"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            404: components["responses"]["DialogsError404"];
            409: components["responses"]["DialogsError409"];
            412: components["responses"]["DialogsError412"];
            413: components["responses"]["DialogsError413"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    export_dialogs: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dialog_count": 2,
                     *       "dialogs": [
                     *         {
                     *           "agent": "reviewer",
                     *           "agent_config": {
                     *             "temperature": 0.4
                     *           },
                     *           "created_at": "2026-09-21T14:13:20.318Z",
                     *           "id": "dlg_01a0c4506c0b70008000000000000002",
                     *           "messages": [],
                     *           "model_name": "smart",
                     *           "system_prompt": "Answer in one sentence.",
                     *           "title": "Our terms",
                     *           "updated_at": "2026-09-21T14:13:20.327Z"
                     *         },
                     *         {
                     *           "agent": null,
                     *           "agent_config": {},
                     *           "created_at": "2026-09-21T14:13:20.345Z",
                     *           "id": "dlg_01a0c4506c0b70008000000000000003",
                     *           "messages": [
                     *             {
                     *               "completion_tokens": 0,
                     *               "content": "When do you open?",
                     *               "created_at": "2026-09-21T14:13:20.345Z",
                     *               "error": null,
                     *               "model": null,
                     *               "prompt_tokens": 0,
                     *               "role": "user",
                     *               "tool_call_id": null,
                     *               "tool_calls": null
                     *             },
                     *             {
                     *               "completion_tokens": 3,
                     *               "content": "At nine.",
                     *               "created_at": "2026-09-21T14:13:20.345Z",
                     *               "error": null,
                     *               "model": null,
                     *               "prompt_tokens": 12,
                     *               "role": "assistant",
                     *               "tool_call_id": null,
                     *               "tool_calls": null
                     *             }
                     *           ],
                     *           "model_name": "smart",
                     *           "system_prompt": null,
                     *           "title": "Opening hours",
                     *           "updated_at": "2026-09-21T14:13:20.345Z"
                     *         }
                     *       ],
                     *       "errors": [],
                     *       "exported_at": "2026-09-21T14:13:20.355Z",
                     *       "message_count": 2,
                     *       "next_cursor": null,
                     *       "user_id": "usr_01a0c4506c0b70008000000000000001",
                     *       "version": "1.0"
                     *     }
                     */
                    "application/json": components["schemas"]["ExportOut"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    import_dialogs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dialogs": [
                 *         {
                 *           "messages": [
                 *             {
                 *               "content": "When do you open?",
                 *               "role": "user"
                 *             },
                 *             {
                 *               "completion_tokens": 3,
                 *               "content": "At nine.",
                 *               "prompt_tokens": 12,
                 *               "role": "assistant"
                 *             }
                 *           ],
                 *           "model_name": "smart",
                 *           "title": "Opening hours"
                 *         }
                 *       ],
                 *       "version": "1.0"
                 *     }
                 */
                "application/json": components["schemas"]["DialogsImportIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dialogs_imported": 1,
                     *       "errors": [],
                     *       "messages_imported": 2
                     *     }
                     */
                    "application/json": components["schemas"]["DialogsImportOut"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            409: components["responses"]["DialogsError409"];
            413: components["responses"]["DialogsError413"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    list_dialog_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "context_window": 128000,
                     *         "cost_per_1k_completion_tokens": null,
                     *         "cost_per_1k_prompt_tokens": null,
                     *         "enabled": true,
                     *         "name": "smart",
                     *         "provider": "gateway"
                     *       },
                     *       {
                     *         "context_window": 128000,
                     *         "cost_per_1k_completion_tokens": null,
                     *         "cost_per_1k_prompt_tokens": null,
                     *         "enabled": true,
                     *         "name": "fast",
                     *         "provider": "gateway"
                     *       },
                     *       {
                     *         "context_window": 128000,
                     *         "cost_per_1k_completion_tokens": null,
                     *         "cost_per_1k_prompt_tokens": null,
                     *         "enabled": true,
                     *         "name": "cheap",
                     *         "provider": "gateway"
                     *       },
                     *       {
                     *         "context_window": 128000,
                     *         "cost_per_1k_completion_tokens": null,
                     *         "cost_per_1k_prompt_tokens": null,
                     *         "enabled": true,
                     *         "name": "any",
                     *         "provider": "gateway"
                     *       },
                     *       {
                     *         "context_window": 128000,
                     *         "cost_per_1k_completion_tokens": 0.00054,
                     *         "cost_per_1k_prompt_tokens": 0.000135,
                     *         "enabled": true,
                     *         "name": "gpt-4o-mini",
                     *         "provider": "acme"
                     *       },
                     *       {
                     *         "context_window": 128000,
                     *         "cost_per_1k_completion_tokens": 0.009,
                     *         "cost_per_1k_prompt_tokens": 0.00225,
                     *         "enabled": true,
                     *         "name": "house",
                     *         "provider": "acme"
                     *       },
                     *       {
                     *         "context_window": 128000,
                     *         "cost_per_1k_completion_tokens": 0.015,
                     *         "cost_per_1k_prompt_tokens": 0.00375,
                     *         "enabled": true,
                     *         "name": "tuned",
                     *         "provider": "acme"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["DialogModelOut"][];
                };
            };
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    get_dialog_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What clients send as `model_name` */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "context_window": 128000,
                     *       "cost_per_1k_completion_tokens": 0.009,
                     *       "cost_per_1k_prompt_tokens": 0.00225,
                     *       "enabled": true,
                     *       "name": "house",
                     *       "provider": "acme"
                     *     }
                     */
                    "application/json": components["schemas"]["DialogModelOut"];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            404: components["responses"]["DialogsError404"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    get_own_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "balance": 0,
                     *       "held": 0,
                     *       "limit": null,
                     *       "pays": false,
                     *       "total_used": 0
                     *     }
                     */
                    "application/json": components["schemas"]["OwnTokensOut"];
                };
            };
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    get_own_token_history: {
        parameters: {
            query?: {
                /** @description How many of the newest to pass over */
                skip?: number;
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example [] */
                    "application/json": components["schemas"]["TransactionOut"][];
                };
            };
            400: components["responses"]["DialogsError400"];
            401: components["responses"]["DialogsError401"];
            403: components["responses"]["DialogsError403"];
            500: components["responses"]["DialogsError500"];
            503: components["responses"]["DialogsError503"];
        };
    };
    hub_list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "cooldown_until": null,
                     *         "daily_quota": 5000000,
                     *         "id": "uk_01a0c4506c0b70008000000000000001",
                     *         "is_active": true,
                     *         "key_prefix": "the-****iven",
                     *         "name": "the-****iven",
                     *         "provider": "acme",
                     *         "resets_at": null,
                     *         "status": "active",
                     *         "used_today": 0
                     *       },
                     *       {
                     *         "cooldown_until": null,
                     *         "daily_quota": 1000000,
                     *         "id": "uk_01a0c4506c0b70008000000000000002",
                     *         "is_active": true,
                     *         "key_prefix": "the-****hare",
                     *         "name": "Shared",
                     *         "provider": "acme",
                     *         "resets_at": null,
                     *         "status": "active",
                     *         "used_today": 0
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["HubKey"][];
                };
            };
            401: components["responses"]["HubError401"];
            403: components["responses"]["HubError403"];
            500: components["responses"]["HubError500"];
            503: components["responses"]["HubError503"];
        };
    };
    hub_create_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "daily_quota": 500000,
                 *       "key_value": "the-key-to-share",
                 *       "name": "Shared",
                 *       "provider": "openai"
                 *     }
                 */
                "application/json": components["schemas"]["HubKeyIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "cooldown_until": null,
                     *       "daily_quota": 500000,
                     *       "id": "uk_01a0c4506c0b70008000000000000001",
                     *       "is_active": true,
                     *       "key_prefix": "the-****hare",
                     *       "name": "Shared",
                     *       "provider": "acme",
                     *       "resets_at": null,
                     *       "status": "active",
                     *       "used_today": 0
                     *     }
                     */
                    "application/json": components["schemas"]["HubKey"];
                };
            };
            400: components["responses"]["HubError400"];
            401: components["responses"]["HubError401"];
            403: components["responses"]["HubError403"];
            409: components["responses"]["HubError409"];
            413: components["responses"]["HubError413"];
            422: components["responses"]["HubError422"];
            500: components["responses"]["HubError500"];
            503: components["responses"]["HubError503"];
        };
    };
    hub_discover_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key_value": "a-key-that-is-tried",
                 *       "provider": "openai"
                 *     }
                 */
                "application/json": components["schemas"]["HubDiscoverIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "models": [
                     *         "gpt-4o",
                     *         "ft:gpt-4o:acme"
                     *       ],
                     *       "more": false,
                     *       "provider": "acme",
                     *       "quota": null,
                     *       "suggested_daily_quota": 1000000
                     *     }
                     */
                    "application/json": components["schemas"]["HubDiscovered"];
                };
            };
            400: components["responses"]["HubError400"];
            401: components["responses"]["HubError401"];
            403: components["responses"]["HubError403"];
            409: components["responses"]["HubError409"];
            413: components["responses"]["HubError413"];
            422: components["responses"]["HubError422"];
            500: components["responses"]["HubError500"];
            503: components["responses"]["HubError503"];
        };
    };
    hub_delete_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Key deleted",
                     *       "status": "success"
                     *     }
                     */
                    "application/json": components["schemas"]["HubDeleted"];
                };
            };
            401: components["responses"]["HubError401"];
            403: components["responses"]["HubError403"];
            404: components["responses"]["HubError404"];
            409: components["responses"]["HubError409"];
            412: components["responses"]["HubError412"];
            422: components["responses"]["HubError422"];
            500: components["responses"]["HubError500"];
            503: components["responses"]["HubError503"];
        };
    };
    hub_update_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag this change is based on; 412 when it is stale */
                "if-match"?: string | null;
            };
            path: {
                /** @description Which one, by its id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "daily_quota": 1000000
                 *     }
                 */
                "application/json": components["schemas"]["HubKeyPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "cooldown_until": null,
                     *       "daily_quota": 1000000,
                     *       "id": "uk_01a0c4506c0b70008000000000000001",
                     *       "is_active": true,
                     *       "key_prefix": "the-****hare",
                     *       "name": "Shared",
                     *       "provider": "acme",
                     *       "resets_at": null,
                     *       "status": "active",
                     *       "used_today": 0
                     *     }
                     */
                    "application/json": components["schemas"]["HubKey"];
                };
            };
            400: components["responses"]["HubError400"];
            401: components["responses"]["HubError401"];
            403: components["responses"]["HubError403"];
            404: components["responses"]["HubError404"];
            409: components["responses"]["HubError409"];
            412: components["responses"]["HubError412"];
            413: components["responses"]["HubError413"];
            422: components["responses"]["HubError422"];
            500: components["responses"]["HubError500"];
            503: components["responses"]["HubError503"];
        };
    };
    hub_list_logs: {
        parameters: {
            query?: {
                /** @description At most so many */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "api_key_id": null,
                     *         "completion_tokens": 0,
                     *         "error": null,
                     *         "id": "req_01a0c4506c0b70008000000000000001",
                     *         "latency_ms": 0,
                     *         "model": "smart",
                     *         "prompt_tokens": 0,
                     *         "provider": null,
                     *         "retries": 0,
                     *         "status": 200,
                     *         "timestamp": 1789999940,
                     *         "total_tokens": 0
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["HubLog"][];
                };
            };
            401: components["responses"]["HubError401"];
            403: components["responses"]["HubError403"];
            422: components["responses"]["HubError422"];
            500: components["responses"]["HubError500"];
            503: components["responses"]["HubError503"];
        };
    };
    hub_get_stats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "avg_latency": null,
                     *       "model_share": [],
                     *       "total_requests": 0,
                     *       "total_tokens": 0,
                     *       "usage_data": [
                     *         {
                     *           "name": "15:00",
                     *           "requests": 0,
                     *           "tokens": 0
                     *         },
                     *         {
                     *           "name": "19:00",
                     *           "requests": 0,
                     *           "tokens": 0
                     *         },
                     *         {
                     *           "name": "23:00",
                     *           "requests": 0,
                     *           "tokens": 0
                     *         },
                     *         {
                     *           "name": "03:00",
                     *           "requests": 0,
                     *           "tokens": 0
                     *         },
                     *         {
                     *           "name": "07:00",
                     *           "requests": 0,
                     *           "tokens": 0
                     *         },
                     *         {
                     *           "name": "11:00",
                     *           "requests": 0,
                     *           "tokens": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HubStats"];
                };
            };
            401: components["responses"]["HubError401"];
            403: components["responses"]["HubError403"];
            500: components["responses"]["HubError500"];
            503: components["responses"]["HubError503"];
        };
    };
    hub_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse 7 battery",
                 *       "username": "admin"
                 *     }
                 */
                "application/json": components["schemas"]["LoginIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJIUzI1NiJ9.e30.signature",
                     *       "expires_in": 900,
                     *       "token_type": "bearer"
                     *     }
                     */
                    "application/json": components["schemas"]["HubToken"];
                };
            };
            400: components["responses"]["HubError400"];
            401: components["responses"]["HubError401"];
            409: components["responses"]["HubError409"];
            413: components["responses"]["HubError413"];
            422: components["responses"]["HubError422"];
            429: components["responses"]["HubError429"];
            500: components["responses"]["HubError500"];
            503: components["responses"]["HubError503"];
        };
    };
    hub_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": 1790000000,
                     *       "email": null,
                     *       "id": "usr_01a0c4506c0b70008000000000000001",
                     *       "is_active": true,
                     *       "last_login": 1790000000,
                     *       "role": "admin",
                     *       "username": "admin"
                     *     }
                     */
                    "application/json": components["schemas"]["HubUser"];
                };
            };
            401: components["responses"]["HubError401"];
            403: components["responses"]["HubError403"];
            500: components["responses"]["HubError500"];
            503: components["responses"]["HubError503"];
        };
    };
    hub_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "mo@example.com",
                 *       "password": "a good long pass phrase",
                 *       "username": "mo"
                 *     }
                 */
                "application/json": components["schemas"]["HubRegisterIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created_at": 1790000000,
                     *       "email": "mo@example.com",
                     *       "id": "usr_01a0c4506c0b70008000000000000001",
                     *       "is_active": true,
                     *       "last_login": null,
                     *       "role": "user",
                     *       "username": "mo"
                     *     }
                     */
                    "application/json": components["schemas"]["HubUser"];
                };
            };
            400: components["responses"]["HubError400"];
            403: components["responses"]["HubError403"];
            409: components["responses"]["HubError409"];
            413: components["responses"]["HubError413"];
            422: components["responses"]["HubError422"];
            429: components["responses"]["HubError429"];
            500: components["responses"]["HubError500"];
            503: components["responses"]["HubError503"];
        };
    };
}
