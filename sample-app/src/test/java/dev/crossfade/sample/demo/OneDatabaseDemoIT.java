package dev.crossfade.sample.demo;

import dev.crossfade.testing.LongForm;

@LongForm
class OneDatabaseDemoIT extends DemoContract {

    OneDatabaseDemoIT() {
        super(Topology.ONE_DATABASE);
    }
}
