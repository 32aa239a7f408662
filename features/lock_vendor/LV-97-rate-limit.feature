@LV-97
Feature: The rate limit is announced

  Scenario: Too many calls
    When more calls are made than the documented limit allows
    Then the vendor announces the limit and how long to wait
    And a call succeeds after that wait
