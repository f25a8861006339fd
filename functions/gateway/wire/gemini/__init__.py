"""Google Gemini: https://ai.google.dev/api/generate-content"""
