// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A workflow that lets a pull request's title be a command, and checks its code out with a token that stays. */
export const INJECTION = `name: Planted
on:
  pull_request_target:
permissions: write-all
jobs:
  planted:
    name: Planted
    runs-on: ubuntu-24.04
    steps:
      - name: Check out
        uses: actions/checkout@v4
      - name: Greet
        run: |
          echo \${{ github.event.pull_request.title }}
          cat $UNQUOTED
`;
