# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0
"""A first service: counts the words of the text that is sent to it.

    curl --data "one two" http://localhost:8000/
"""

from ray import serve


@serve.deployment
class WordCount:
    async def __call__(self, request):
        text = (await request.body()).decode(errors="replace")
        return {"words": len(text.split())}


app = WordCount.bind()
