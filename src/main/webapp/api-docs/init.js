'use strict';

SwaggerUIBundle({
  url: '/api-docs/openapi.yaml',
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // No badge: it would send the document to another server.
  validatorUrl: null,
  // A key that is typed in is gone with the page.
  persistAuthorization: false,
});
